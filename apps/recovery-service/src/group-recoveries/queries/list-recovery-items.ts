import { Injectable } from '@nestjs/common';
import type { ActionRequest, RecoveryItemPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { decodePlace, encodePlace } from '../../records/queries/place-cursor.js';
import { RecoveryItems } from '../../records/recovery-items.js';
import { GroupRecoveryReader } from '../group-recovery-reader.js';

const noCursor = 'The cursor is none that a page gave. Leave it out to begin with the first record.';

/** What the recovery of a group has done about each record, a page at a time. */
@Injectable()
export class ListRecoveryItems {
  constructor(
    private readonly reader: GroupRecoveryReader,
    private readonly items: RecoveryItems,
  ) {}

  async execute(
    { recovery_id, state, limit, cursor }: ActionRequest<'listRecoveryItems'>,
    { actor }: Pick<Origin, 'actor'>,
  ): Promise<RecoveryItemPage> {
    const after = cursor === undefined ? null : decodePlace(cursor, noCursor)[1];
    await this.reader.find(recovery_id, actor);
    const found = await this.items.page(recovery_id, state, after, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ error_record_id, state: now, stage, attempt, reason, at }) => ({
        ...{ error_record_id, state: now, stage, attempt, reason, at },
      })),
      next_cursor: last ? encodePlace(last.at, last.error_record_id) : null,
    };
  }
}
