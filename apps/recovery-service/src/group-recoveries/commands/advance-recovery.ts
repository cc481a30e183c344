import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { ManualRecoveries } from '../../records/manual-recoveries.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { RecordTakeover } from '../../recoveries/record-takeover.js';
import { RecoveryItems, type ItemMove, type ItemPlace, type StoredRecoveryItem } from '../../records/recovery-items.js';
import { orderGone, type StoredGroupRecovery } from '../domain/group-recovery.js';
import { isUnderWay } from '../domain/group-recovery-lifecycle.js';
import { outcomeOf, wasRun } from '../domain/item-outcome.js';
import { judgedOf, nextStep, type RecoveryStep } from '../domain/next-step.js';
import { GroupRecoveryLedger } from '../group-recovery-ledger.js';
import { ChooseRecords } from './choose-records.js';

/** Items that are looked at in one step. */
const itemsPerStep = 1_000;

/**
 * Takes the recovery of a group one step further: what was chosen is ordered, what was ordered is looked at, and then it is
 * judged whether more are. Each part can be done again after a crash: what is chosen is on disk before it is ordered, and a
 * record is taken once for a recovery, and only for the run that had failed when it was chosen.
 */
@Injectable()
export class AdvanceRecovery {
  /** How far the outcomes of each recovery were looked at, as a hint: one that is not known begins anew. */
  private readonly places = new Map<string, ItemPlace>();

  constructor(
    private readonly items: RecoveryItems,
    private readonly recoverable: RecoverableRecords,
    private readonly manualRecoveries: ManualRecoveries,
    private readonly takeover: RecordTakeover,
    private readonly choose: ChooseRecords,
    private readonly ledger: GroupRecoveryLedger,
    private readonly clock: Clock,
  ) {}

  async execute(recovery: StoredGroupRecovery): Promise<void> {
    await this.order(recovery);
    await this.look(recovery);
    const open = await this.items.countOpen(recovery._id);
    if (!isUnderWay(recovery.state)) {
      if (open > 0) return;
      this.places.delete(recovery._id);
      return this.ledger.settle(recovery);
    }
    const judged = await this.items.lastJudged(recovery._id, judgedOf(recovery));
    const step = nextStep(recovery, { open, judged }, this.clock.now());
    if (step.kind === 'move') await this.ledger.move(recovery, step.move, step.reason);
    if (step.kind === 'order') await this.orderMore(recovery, step);
  }

  /**
   * Of a group that was made part of another the records are that other's by now. It is stopped: neither the canary nor whoever
   * asked had the others in mind.
   */
  private async orderMore(recovery: StoredGroupRecovery, step: Extract<RecoveryStep, { kind: 'order' }>): Promise<void> {
    const { some, movedTo } = await this.choose.execute(recovery, step);
    if (some) await this.order(recovery);
    if (movedTo === null) return;
    const reason = `its group was made part of ${movedTo}; recover that one to go on with what is left`;
    await this.ledger.move(recovery, 'stop', reason);
  }

  /** Orders what is chosen. Of a recovery that has ended only what has been taken already goes on. */
  private async order(recovery: StoredGroupRecovery): Promise<void> {
    const chosen = await this.items.inState(recovery._id, 'chosen', null, itemsPerStep);
    if (chosen.length === 0) return;
    if (isUnderWay(recovery.state) && !(await this.manualRecoveries.renew(recovery._id))) {
      await this.ledger.move(recovery, 'stop', orderGone);
      return;
    }
    if (isUnderWay(recovery.state)) {
      const records = chosen.map(({ error_record_id: _id, attempt }) => ({ _id, attempt }));
      await this.takeover.take(recovery._id, recovery.force, records);
    }
    const found = await this.recoverable.standing(chosen.map(({ error_record_id }) => error_record_id));
    const reason = isUnderWay(recovery.state) ? 'it changed at this very moment' : `the recovery was ${recovery.state}`;
    await this.move(chosen, (item) =>
      wasRun(found.get(item.error_record_id), recovery._id, item.attempt)
        ? { to: 'ordered', reason: null }
        : { to: 'refused', reason },
    );
  }

  /** Looks what has become of what was ordered, some at a time, in turn. */
  private async look({ _id }: StoredGroupRecovery): Promise<void> {
    const ordered = await this.items.inState(_id, 'ordered', this.places.get(_id) ?? null, itemsPerStep);
    const last = ordered.at(-1);
    if (last && ordered.length === itemsPerStep) this.places.set(_id, { at: last.at, id: last._id });
    else this.places.delete(_id);
    if (ordered.length === 0) return;
    const found = await this.recoverable.standing(ordered.map(({ error_record_id }) => error_record_id));
    await this.move(ordered, ({ error_record_id, attempt }) => outcomeOf(found.get(error_record_id), attempt));
  }

  private async move(
    items: readonly StoredRecoveryItem[],
    outcome: (item: StoredRecoveryItem) => Pick<ItemMove, 'to' | 'reason'> | null,
  ): Promise<void> {
    const moves = items.flatMap((item): ItemMove[] => {
      const moved = outcome(item);
      return moved ? [{ id: item._id, from: item.state, ...moved }] : [];
    });
    if (moves.length > 0) await this.items.move(moves, new Date(this.clock.now()).toISOString());
  }
}
