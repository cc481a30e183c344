import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { RecoveryItems, noItems } from '../records/recovery-items.js';
import { movedRecovery, settledRecovery, type StoredGroupRecovery } from './domain/group-recovery.js';
import { isUnderWay, mayMoveRecovery, type GroupRecoveryMove } from './domain/group-recovery-lifecycle.js';
import { GroupRecoveries } from './group-recoveries.js';
import { RecoveryBell } from './recovery-bell.js';
import { WaitNotes } from './wait-notes.js';

/** Moves recoveries of groups: the one place where one passes, completes, stops or is cancelled, and where that is told. */
@Injectable()
export class GroupRecoveryLedger {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly items: RecoveryItems,
    private readonly waitNotes: WaitNotes,
    private readonly bell: RecoveryBell,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Null where it had changed since it was read, or cannot make this move. */
  async move(recovery: StoredGroupRecovery, move: GroupRecoveryMove, reason: string): Promise<StoredGroupRecovery | null> {
    if (!mayMoveRecovery(recovery.state, move)) return null;
    const next = movedRecovery(recovery, move, reason, this.clock.now());
    if (!(await this.recoveries.write(recovery, next))) return null;
    this.bell.ring();
    this.note(next);
    if (recovery.state === 'waiting') await this.waitNotes.moveOn(next);
    return next;
  }

  /** What it has ordered has ended: its counts stay. */
  async settle(recovery: StoredGroupRecovery): Promise<void> {
    const counts = (await this.items.counts([recovery._id])).get(recovery._id) ?? noItems();
    await this.recoveries.write(recovery, settledRecovery(recovery, counts, this.clock.now()));
  }

  /** Every move of a recovery passes here once, whoever made it. */
  private note({ _id, state, reason, group_id, requested_by }: StoredGroupRecovery): void {
    if (!isUnderWay(state)) this.metrics.count('kintsugi_group_recoveries_total', { state });
    this.logger.info({ recovery: _id, state, reason, group_id, requestedBy: requested_by.name }, 'The recovery of a group moved');
  }
}
