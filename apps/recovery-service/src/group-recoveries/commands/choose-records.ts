import { Injectable } from '@nestjs/common';
import { FailureGroups } from '../../groups/failure-groups.js';
import { Clock } from '../../platform/clock.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { RecoveryRefusals } from '../../recoveries/recovery-refusals.js';
import { RecoveryItems, recoveryItemIdOf, type StoredRecoveryItem } from '../../records/recovery-items.js';
import { partOf, type StoredGroupRecovery } from '../domain/group-recovery.js';
import type { RecoveryStep } from '../domain/next-step.js';
import { GroupRecoveries } from '../group-recoveries.js';

/** Records that are read to find those of a step: many may have to be refused before one can be run. */
const pageMin = 200;

export interface Chosen {
  /** Whether some were chosen. */
  some: boolean;
  /** The group that has the other records by now; null while they are where they were, or none is left. */
  movedTo: string | null;
}

/** Chooses the records that are run next, newest first, and notes what is refused on the way. */
@Injectable()
export class ChooseRecords {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly items: RecoveryItems,
    private readonly recoverable: RecoverableRecords,
    private readonly refusals: RecoveryRefusals,
    private readonly groups: FailureGroups,
    private readonly clock: Clock,
  ) {}

  /** The items are written first: after a crash between the two the same are met, and stay as they are. */
  async execute(recovery: StoredGroupRecovery, { most, nextAt }: Extract<RecoveryStep, { kind: 'order' }>): Promise<Chosen> {
    const limit = Math.max(pageMin, most);
    const page = await this.recoverable.unrecovered(partOf(recovery), recovery.place, limit);
    // Looked at after the page: a group is part of another before its first record moves there.
    const movedTo = page.length < limit ? await this.mergedInto(recovery) : null;
    if (page.length === 0 && movedTo !== null) return { some: false, movedTo };
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
      exhausted: met.length === page.length && page.length < limit && movedTo === null,
      next_at: nextAt(chosen),
      version: recovery.version + 1,
    };
    return { some: (await this.recoveries.write(recovery, next)) && chosen > 0, movedTo: null };
  }

  private async mergedInto({ group_id: id }: StoredGroupRecovery): Promise<string | null> {
    return id === null ? null : ((await this.groups.find(id))?.merged_into ?? null);
  }
}
