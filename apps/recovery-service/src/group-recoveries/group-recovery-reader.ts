import { Injectable } from '@nestjs/common';
import { ProblemError, type Actor, type GroupRecovery } from '@kintsugi/contracts';
import { RecoveryItems, noItems } from '../records/recovery-items.js';
import { toGroupRecovery, type StoredGroupRecovery } from './domain/group-recovery.js';
import { GroupRecoveries } from './group-recoveries.js';

/** Reads recoveries of groups as the outside sees them. */
@Injectable()
export class GroupRecoveryReader {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly items: RecoveryItems,
  ) {}

  /** A recovery over all tenants is there for those only who may see all. */
  async find(id: string, { tenant }: Actor): Promise<StoredGroupRecovery> {
    const recovery = await this.recoveries.find(id);
    if (recovery && (tenant === null || tenant === recovery.tenant)) return recovery;
    throw new ProblemError(
      'GROUP_RECOVERY_NOT_FOUND',
      `There is no recovery ${id}. List the recoveries of groups to find its id.`,
    );
  }

  async view(recovery: StoredGroupRecovery): Promise<GroupRecovery> {
    const [view] = await this.views([recovery]);
    return view as GroupRecovery;
  }

  /** One that waits has met no record. */
  async views(recoveries: readonly StoredGroupRecovery[]): Promise<GroupRecovery[]> {
    const open = recoveries.filter(({ counts, state }) => !counts && state !== 'waiting');
    const counted = await this.items.counts(open.map(({ _id }) => _id));
    return recoveries.map((recovery) => toGroupRecovery(recovery, recovery.counts ?? counted.get(recovery._id) ?? noItems()));
  }
}
