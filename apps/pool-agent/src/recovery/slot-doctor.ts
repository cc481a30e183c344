import { Injectable } from '@nestjs/common';
import { ProblemError, type SlotRecovery, type SlotView } from '@kintsugi/contracts';
import type { InspectionDepth } from '../inspection/git-looks.js';
import { Inspector, type Inspection } from '../inspection/inspector.js';
import { wordsOf, type Rung } from '../inspection/domain/finding.js';
import { Ladder, type Climb, type ClimbRules } from '../ladder/ladder.js';
import { Clock } from '../platform/clock.js';
import { HostProcesses } from '../platform/process/processes-in.js';
import { isBeating, soundMetadata, type Slot } from '../slots/domain/slot.js';
import { SlotBook } from '../slots/slot-book.js';
import { SlotLocks } from '../slots/slot-locks.js';
import { slotView } from '../slots/slot-view.js';
import { adviceFor } from './domain/advice.js';

export interface Treatment extends ClimbRules {
  /** Takes it from its owner, and calls it available whatever comes of it. */
  force?: boolean;
  /** Takes it from its owner, and isolates it where it can't be repaired. */
  evict?: boolean;
  /** Asked once nobody else can change the slot any more: true leaves it as it is. */
  unless?: (slot: Slot) => boolean;
}

/** What has to be assumed of a slot that somebody has worked in: an index can be told to overlook changes. `treat` does so where it can tell. */
export const afterAnOwner = [{ kind: 'files-changed', detail: 'somebody has worked in it' }] as const;

const dayMs = 86_400_000;

/** Looks at one slot, repairs it, and writes down what came of it. */
@Injectable()
export class SlotDoctor {
  constructor(
    private readonly book: SlotBook,
    private readonly inspector: Inspector,
    private readonly ladder: Ladder,
    private readonly locks: SlotLocks,
    private readonly clock: Clock,
    private readonly processes: HostProcesses,
  ) {}

  async recover(slotId: string, treatment: Treatment = {}): Promise<SlotRecovery> {
    const slot = this.book.slot(slotId);
    return this.book.holding(slotId, async () => {
      if (treatment.unless?.(this.book.slot(slotId))) throw changedMeanwhile(slotId);
      await this.requireUnused(slot, treatment.force === true || treatment.evict === true);
      return this.treat(slotId, treatment);
    });
  }

  /** The same for a slot that is held by the caller, and that nobody works in. */
  async treat(slotId: string, treatment: Treatment = {}): Promise<SlotRecovery> {
    const before = this.book.slot(slotId);
    const slot = await this.book.move(slotId, 'inspect', { slot: { token: before.token + (before.allocation ? 1 : 0) } });
    const { verified, failed_recoveries: failures } = before.metadata;
    // It has an owner, or was isolated while it had one and nobody has looked into it since.
    const mayHide = before.allocation !== null || (before.state === 'ERROR' && !verified && failures === 0);
    const climb = await this.ladder.climb(slot, mayHide ? { assume: afterAnOwner, ...treatment } : treatment);
    const after = await this.settle(slot, climb, treatment.force === true);
    await this.locks.remove(slotId);
    return this.recoveryOf(after, climb);
  }

  async wouldRecover(slotId: string): Promise<SlotRecovery> {
    const slot = this.book.slot(slotId);
    const { findings } = await this.inspector.inspect({ ...slot, state: 'RECOVERING' }, { depth: 'full' });
    return {
      success: slot.state === 'AVAILABLE' && findings.length === 0,
      slot: slotView(slot, this.book),
      outcome: findings.length === 0 ? 'healthy' : 'would_recover',
      found: findings,
      rungs: [],
      reason: null,
      advice: [],
      saved: null,
    };
  }

  /** Cloning again once a day is a repair; twice is a sign of something else. */
  automaticLimits(slot: Slot): Partial<Record<Rung, string>> {
    const { recloned_at } = slot.metadata;
    const isRecent = recloned_at !== null && this.clock.now() - Date.parse(recloned_at) < dayMs;
    return isRecent ? { 're-clone': 'it was cloned again within a day already' } : {};
  }

  isolate(slotId: string, reason: string, dryRun: boolean): Promise<SlotView> {
    return this.book.holding(slotId, async () => {
      const slot = this.book.slot(slotId);
      if (dryRun) return slotView(slot, this.book);
      const isolated = await this.book.move(slotId, 'isolate', {
        ...{ isolated_at: this.now(), isolation_reason: reason },
        ...(slot.allocation === null ? {} : { verified: false }),
        slot: { token: slot.token + 1 },
      });
      await this.locks.remove(slotId);
      return slotView(isolated, this.book);
    });
  }

  /** Whether what is wrong is seen at the depth asked for. */
  look(slot: Slot, depth: InspectionDepth): Promise<Inspection> {
    return this.inspector.inspect(slot, { depth });
  }

  private async requireUnused(slot: Slot, mayEvict: boolean): Promise<void> {
    const { slot_id, allocation, state } = slot;
    if (allocation !== null && !mayEvict) {
      const how = isBeating(allocation, this.clock.now()) ? 'who is heard of' : 'who is not heard of';
      const detail = `Slot ${slot_id} is allocated to ${allocation.owner}, ${how}. Release it first, or say force.`;
      throw new ProblemError('STATE_CONFLICT', detail, { current: state, allowed: ['AVAILABLE', 'ERROR', 'HOLD'] });
    }
    const users = await this.processes.in(this.book.pathOf(slot));
    if (users === null || users.length === 0) return;
    const detail = `Slot ${slot_id} is in use by process ${users.slice(0, 5).join(', ')}. Nothing was changed. End what works there, then ask again.`;
    throw new ProblemError('STATE_CONFLICT', detail, { current: state, allowed: [] });
  }

  private async settle(slot: Slot, climb: Climb, force: boolean): Promise<Slot> {
    const { end, found, rungs, commit, reason, evidence } = climb;
    const at = this.now();
    const last_recovery = { at, found: found.slice(0, 10).map((one) => wordsOf([one])), rungs: [...rungs] };
    const recloned = rungs.includes('re-clone') && slot.metadata.commit !== null ? { recloned_at: at } : {};
    const { slot_id, metadata } = slot;
    if (end === 'sound') return this.book.move(slot_id, 'heal', { ...soundMetadata, commit, last_recovery, ...recloned });
    const failed = {
      ...{ last_recovery, evidence, verified: false, isolation_reason: reason, ...recloned },
      failed_recoveries: metadata.failed_recoveries + 1,
    };
    if (force) return this.book.move(slot_id, 'heal', failed);
    if (end === 'held') return this.book.move(slot_id, 'hold', failed);
    return this.book.move(slot_id, 'isolate', { ...failed, isolated_at: at });
  }

  private recoveryOf(slot: Slot, { end, found, rungs, reason, evidence, saved }: Climb): SlotRecovery {
    const success = slot.state === 'AVAILABLE';
    const sound = found.length === 0 ? 'healthy' : 'recovered';
    const outcome = end === 'sound' ? sound : success ? 'forced' : end;
    const advice = end === 'sound' ? [] : adviceFor(slot, this.book.pathOf(slot), end);
    return {
      ...{ success, slot: slotView(slot, this.book), outcome, found, rungs: [...rungs], advice, saved },
      reason: reason === null ? null : evidence ? `${reason}: ${evidence}` : reason,
    };
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

function changedMeanwhile(slotId: string): ProblemError {
  return new ProblemError('STATE_CONFLICT', `Slot ${slotId} has changed meanwhile. Nothing was done to it.`);
}
