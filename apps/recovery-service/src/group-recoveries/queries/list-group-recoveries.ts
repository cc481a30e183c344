import { Injectable } from '@nestjs/common';
import type { ActionRequest, GroupRecoveryPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { decodePlace, encodePlace } from '../../records/queries/place-cursor.js';
import { GroupRecoveries } from '../group-recoveries.js';
import { GroupRecoveryReader } from '../group-recovery-reader.js';

const noCursor = 'The cursor is none that a page gave. Leave it out to begin with the newest recovery.';

/** Recoveries of groups, newest first, a page at a time. */
@Injectable()
export class ListGroupRecoveries {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly reader: GroupRecoveryReader,
  ) {}

  async execute(
    { limit, cursor, ...filter }: ActionRequest<'listGroupRecoveries'>,
    { actor }: Pick<Origin, 'actor'>,
  ): Promise<GroupRecoveryPage> {
    const before = cursor === undefined ? null : decodePlace(cursor, noCursor)[1];
    const found = await this.recoveries.latest({ ...filter, tenant: actor.tenant ?? undefined }, before, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      items: await this.reader.views(page),
      next_cursor: last ? encodePlace(last.requested_at, last._id) : null,
    };
  }
}
