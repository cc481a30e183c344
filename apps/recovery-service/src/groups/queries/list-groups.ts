import { Injectable } from '@nestjs/common';
import type { ActionRequest, GroupPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { FailureGroups } from '../failure-groups.js';
import { GroupReader } from '../group-reader.js';
import { decodeGroupCursor, encodeGroupCursor } from './group-cursor.js';

/** Groups of failures, the one that failed last first, a page at a time. */
@Injectable()
export class ListGroups {
  constructor(
    private readonly groups: FailureGroups,
    private readonly reader: GroupReader,
  ) {}

  async execute({ limit, cursor, ...filter }: ActionRequest<'listGroups'>, { actor }: Origin): Promise<GroupPage> {
    const place = cursor === undefined ? null : decodeGroupCursor(cursor);
    const found = await this.groups.latest({ ...filter, tenant: actor.tenant ?? undefined }, place, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      items: await this.reader.views(page),
      next_cursor: last ? encodeGroupCursor({ last_seen: last.last_seen, id: last._id }) : null,
    };
  }
}
