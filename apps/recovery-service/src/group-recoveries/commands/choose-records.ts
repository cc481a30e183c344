import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { RecoveryRefusals } from '../../recoveries/recovery-refusals.js';
import { RecoveryItems, recoveryItemIdOf, type StoredRecoveryItem } from '../../records/recovery-items.js';
import { partOf, type StoredGroupRecovery } from '../domain/group-recovery.js';
import type { RecoveryStep } from '../domain/next-step.js';
import { GroupRecoveries } from '../group-recoveries.js';

/** Records that are read to find those of a step: many may have to be refused before one can be run. */
const pageMin = 200;

/** Chooses the records that are run next, newest first, and notes what is refused on the way. */
@Injectable()
export class ChooseRecords {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly items: RecoveryItems,
    private readonly recoverable: RecoverableRecords,
    private readonly refusals: RecoveryRefusals,
    private readonly clock: Clock,
  ) {}

  /** Whether some were chosen. The items are written first: after a crash between the two the same are met, and stay as they are. */
  async execute(recovery: StoredGroupRecovery, { most, nextAt }: Extract<RecoveryStep, { kind: 'order' }>): Promise<boolean> {
    const limit = Math.max(pageMin, most);
    const page = await this.recoverable.unrecovered(partOf(recovery), recovery.place, limit);
    const refused = new Map(
      (await this.refusals.of(page, recovery)).map(({ error_record_id, reason }) => [error_record_id, reason]),
    );
    const at = new Date(this.clock.now()).toISOString();
    const met: StoredRecoveryItem[] = [];
    let chosen = 0;
    for (const { _id, attempt } of page) {
      const reason = refused.get(_id) ?? null;
      if (reason === null && chosen === most) break;
      if (reason === null) chosen += 1;
      met.push({
        ...{ _id: recoveryItemIdOf(recovery._id, _id), recovery_id: recovery._id, error_record_id: _id, attempt, reason, at },
        ...{ stage: recovery.state === 'canary' ? 'canary' : 'ramping', state: reason === null ? 'chosen' : 'refused' },
      });
    }
    await this.items.add(met);
    const last = page[met.length - 1];
    const next: StoredGroupRecovery = {
      ...recovery,
      place: last ? { timestamp: last.timestamp, id: last._id } : recovery.place,
      exhausted: met.length === page.length && page.length < limit,
      next_at: nextAt(chosen),
      version: recovery.version + 1,
    };
    return (await this.recoveries.write(recovery, next)) && chosen > 0;
  }
}
