import { Injectable } from '@nestjs/common';
import { TakeLogBatches } from '../../task-logs/commands/take-log-batches.js';
import { LogStore, type LogTotals } from '../../task-logs/log-store.js';
import type { LogSize } from '../../task-logs/domain/log-block.js';

/** Whether the jobs of a log have all ended, or are gone. Not where nobody can say. */
export abstract class JobEnds {
  abstract areOver(log: string, size: LogSize): Promise<boolean>;
}

export interface SweepBounds {
  /** Logs whose last line is older go. */
  before: Date;
  /** Bytes on disk of all logs together. */
  storedBytesMax: number;
}

/** What a sweep has removed. */
export interface Swept {
  /** Logs that were too old, and those that went for the sake of room. */
  expired: number;
  crowdedOut: number;
  storedBytes: number;
  left: LogTotals;
}

/** Removes logs that have outlived their time, and then the oldest until the rest has room. The log of a job that runs stays. */
@Injectable()
export class SweepLogs {
  constructor(
    private readonly store: LogStore,
    private readonly ends: JobEnds,
    private readonly taking: TakeLogBatches,
  ) {}

  async execute({ before, storedBytesMax }: SweepBounds, signal: AbortSignal): Promise<Swept> {
    const swept = { expired: 0, crowdedOut: 0, storedBytes: 0 };
    for await (const { log, size } of this.store.oldest(before)) {
      if (signal.aborted) break;
      if (await this.remove(log, size, swept)) swept.expired += 1;
    }
    const left = await this.store.totals();
    let { storedBytes } = left;
    if (storedBytes > storedBytesMax) {
      for await (const { log, size } of this.store.oldest()) {
        if (signal.aborted || storedBytes <= storedBytesMax) break;
        if (!(await this.remove(log, size, swept))) continue;
        swept.crowdedOut += 1;
        storedBytes -= size.storedBytes;
      }
    }
    return { ...swept, left: swept.crowdedOut > 0 ? await this.store.totals() : left };
  }

  private async remove(log: string, size: LogSize, swept: { storedBytes: number }): Promise<boolean> {
    if (!(await this.ends.areOver(log, size))) return false;
    await this.store.remove(log);
    this.taking.evict([log]);
    swept.storedBytes += size.storedBytes;
    return true;
  }
}
