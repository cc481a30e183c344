import { Injectable } from '@nestjs/common';
import type { ActionRequest, ErrorPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { toErrorRecord } from '../domain/error-record.js';
import { ErrorRecordSearch } from '../error-record-search.js';
import { decodeCursor, encodeCursor } from './error-cursor.js';

/** Error records, newest first, a page at a time. */
@Injectable()
export class ListErrors {
  constructor(private readonly search: ErrorRecordSearch) {}

  async execute({ limit, cursor, ...filter }: ActionRequest<'listErrors'>, { actor }: Origin): Promise<ErrorPage> {
    const place = cursor === undefined ? null : decodeCursor(cursor);
    const found = await this.search.newestFirst({ ...filter, tenant: actor.tenant ?? undefined }, place, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map(toErrorRecord),
      next_cursor: last ? encodeCursor({ timestamp: last.timestamp, id: last._id }) : null,
    };
  }
}
