import { Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { LOGGER } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { hasLapsed, type Slot } from '../slots/domain/slot.js';
import { SlotBook } from '../slots/slot-book.js';
import { SlotDoctor } from './slot-doctor.js';

/** Takes slots back from owners that said they would beat, and are silent: a worker that was killed gives nothing back by itself. */
@Injectable()
export class LapsedLeases {
  private readonly startedMs: number;

  constructor(
    private readonly book: SlotBook,
    private readonly doctor: SlotDoctor,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.startedMs = clock.now();
  }

  /** One that a process still works in is left for the next time. @returns how many came back */
  async takeBack(): Promise<number> {
    const isSilent = (slot: Slot): boolean => hasLapsed(slot, this.clock.now(), this.startedMs);
    const lapsed = this.book.slotsOf().filter(isSilent);
    let count = 0;
    for (const { slot_id, allocation, token } of lapsed) {
      // It may have come back by itself, and have another owner by now.
      const unless = (slot: Slot): boolean => slot.token !== token || !isSilent(slot);
      try {
        // What was killed may have been writing.
        const { outcome } = await this.doctor.recover(slot_id, { evict: true, depth: 'full', unless });
        count += 1;
        this.metrics.count('kintsugi_recovery_slots_released_total', {}, 1);
        this.logger.info({ slot_id, owner: allocation?.owner, outcome }, 'Took a slot back from an owner that is silent');
      } catch (error) {
        if (!(error instanceof ProblemError)) this.logger.error({ err: error, slot_id }, 'Could not take a slot back');
      }
    }
    return count;
  }
}
