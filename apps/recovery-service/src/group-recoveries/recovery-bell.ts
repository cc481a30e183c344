import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** Wakes the clock of this replica when a recovery has begun or moved here, so that it looks on its own only for those of other replicas. */
@Injectable()
export class RecoveryBell {
  private rings = 0;
  private ended = new AbortController();

  /** Tells one pause whether it rang since. */
  get heard(): number {
    return this.rings;
  }

  ring(): void {
    this.rings += 1;
    this.ended.abort();
    this.ended = new AbortController();
  }

  /** Ends after its time, with the signal, or once the bell has rung more often than `heard`. */
  async pause(milliseconds: number, heard: number, signal: AbortSignal): Promise<void> {
    if (this.rings !== heard) return;
    await delay(milliseconds, undefined, { signal: AbortSignal.any([signal, this.ended.signal]) }).catch(() => undefined);
  }
}
