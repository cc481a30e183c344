import { Injectable } from '@nestjs/common';
import type { ActionRequest, ActionResponse, PoolAnomalies, SlotView } from '@kintsugi/contracts';
import { isCorruption } from '../inspection/domain/finding.js';
import type { InspectionDepth } from '../inspection/git-looks.js';
import { Inspector } from '../inspection/inspector.js';
import { Clock } from '../platform/clock.js';
import { inParallel } from '../platform/in-parallel.js';
import { isLongAllocated, type Slot } from '../slots/domain/slot.js';
import { SlotBook } from '../slots/slot-book.js';
import { slotView } from '../slots/slot-view.js';
import { LockKeeper } from './lock-keeper.js';

type CorruptedSlot = ActionResponse<'detectCorruptedSlots'>['items'][number];

/** Finds what is wrong, and changes nothing. */
@Injectable()
export class Detectors {
  /** Looks under way, by what they are about: who asks for the same meanwhile is told the same. */
  private readonly looks = new Map<string, Promise<CorruptedSlot[]>>();
  /** Those that read objects go one after the other, however many ask: each takes all that this host has. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly book: SlotBook,
    private readonly inspector: Inspector,
    private readonly lockKeeper: LockKeeper,
    private readonly clock: Clock,
  ) {}

  longAllocated({ max_allocation_hours, pool }: ActionRequest<'detectLongAllocatedSlots'>): SlotView[] {
    const now = this.clock.now();
    return this.slots(pool)
      .filter((slot) => isLongAllocated(slot, now, max_allocation_hours))
      .map((slot) => slotView(slot, this.book));
  }

  /** Slots that are isolated are known, and those that are being repaired are no finding. */
  corrupted({ depth, pool }: { depth: InspectionDepth; pool?: string | undefined }): Promise<CorruptedSlot[]> {
    const slots = this.slots(pool);
    const about = `${depth} ${pool ?? ''}`;
    const underWay = this.looks.get(about);
    if (underWay) return underWay;
    const look = depth === 'quick' ? this.lookAt(slots, depth) : this.turn.then(() => this.lookAt(this.slots(pool), depth));
    const settled = look.catch(() => undefined).finally(() => this.looks.delete(about));
    if (depth !== 'quick') this.turn = settled;
    this.looks.set(about, look);
    return look;
  }

  /** Slots that wait for a repair, or whose repair was cut short: also those whose files are sound by now. */
  waiting(pool: string | undefined): Slot[] {
    return this.slots(pool).filter(
      ({ slot_id, state }) => (state === 'HOLD' || state === 'RECOVERING') && !this.book.isHeld(slot_id),
    );
  }

  private async lookAt(all: readonly Slot[], depth: InspectionDepth): Promise<CorruptedSlot[]> {
    const slots = all.filter(({ slot_id, state }) => state !== 'ERROR' && !this.book.isHeld(slot_id));
    const looks = await inParallel(slots, (slot) => this.corruptionOf(slot, depth));
    return looks.filter((look) => look !== null);
  }

  async anomalies(request: ActionRequest<'detectAnomalies'>): Promise<PoolAnomalies> {
    const { stale_lock_hours, pool } = request;
    return {
      long_allocated_slots: this.longAllocated(request),
      corrupted_slots: await this.corrupted(request),
      orphaned_locks: await this.lockKeeper.orphans(stale_lock_hours, pool),
    };
  }

  private async corruptionOf(slot: Slot, depth: InspectionDepth): Promise<CorruptedSlot | null> {
    const { findings } = await this.inspector.inspect(slot, { depth });
    const corruption = findings.filter(isCorruption);
    const now = this.book.find(slot.slot_id);
    // Somebody has done something with it meanwhile: what was seen may be half of that.
    if (corruption.length === 0 || now !== slot || this.book.isHeld(slot.slot_id)) return null;
    return { ...slotView(slot, this.book), findings: corruption };
  }

  private slots(pool: string | undefined): Slot[] {
    if (pool !== undefined) this.book.pool(pool);
    return this.book.slotsOf(pool);
  }
}
