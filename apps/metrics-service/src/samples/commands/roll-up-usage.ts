import { Injectable } from '@nestjs/common';
import { resolutionMs } from '../domain/usage-record.js';
import { UsageStore } from '../usage-store.js';

/** What is younger may still be on its way. */
const settleMs = 30_000;
/** Time that is rolled up in one go, after a time in which nobody did. */
const turnsMax = { minute: 60 * 60_000, hour: 48 * 3_600_000 };

/** Makes minutes of what was sampled, and hours of minutes, so that they can be kept for longer. */
@Injectable()
export class RollUpUsage {
  constructor(private readonly store: UsageStore) {}

  /** Makes what can be made by now, or a part of it. True where more is left. */
  async execute(now: number): Promise<boolean> {
    const minutes = await this.rollUp('minute', now - settleMs);
    const hours = await this.rollUp('hour', await this.store.madeUpTo('minute'));
    return minutes || hours;
  }

  private async rollUp(resolution: 'minute' | 'hour', until: number): Promise<boolean> {
    const ms = resolutionMs[resolution];
    const before = Math.floor(until / ms) * ms;
    const madeUpTo = await this.store.madeUpTo(resolution);
    if (madeUpTo >= before) return false;
    const earliest = await this.store.earliest(resolution === 'minute' ? 'sample' : 'minute');
    if (earliest === null) return false;
    const from = Math.max(madeUpTo, Math.floor(earliest / ms) * ms);
    if (from >= before) return false;
    const end = Math.min(before, from + turnsMax[resolution]);
    await this.store.rollUp(resolution, from, end);
    return end < before;
  }
}
