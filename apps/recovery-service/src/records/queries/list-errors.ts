import { Injectable } from '@nestjs/common';
import { maySee, type ActionRequest, type ErrorPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { labelOf, timeOf } from '../domain/asked-fields.js';
import { toErrorRecord } from '../domain/error-record.js';
import { ErrorRecordSearch } from '../error-record-search.js';
import { decodeCursor, encodeCursor } from './error-cursor.js';

/** Error records, newest first, a page at a time. */
@Injectable()
export class ListErrors {
  constructor(private readonly search: ErrorRecordSearch) {}

  async execute({ limit, cursor, label, ...asked }: ActionRequest<'listErrors'>, { actor }: Origin): Promise<ErrorPage> {
    const place = cursor === undefined ? null : decodeCursor(cursor);
    if (asked.tenant !== undefined && !maySee(actor, asked.tenant)) return { items: [], next_cursor: null };
    const filter = {
      ...asked,
      tenant: asked.tenant ?? actor.tenant ?? undefined,
      from: asked.from && timeOf(asked.from),
      to: asked.to && timeOf(asked.to),
      label: label === undefined ? undefined : labelOf(label),
    };
    const { found, reached } = await this.search.look(filter, place, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const next = last ? { timestamp: last.timestamp, id: last._id } : reached;
    return {
      items: page.map(toErrorRecord),
      next_cursor: next && encodeCursor(next),
      ...(reached ? { looked_until: reached.timestamp } : {}),
    };
  }
}
