import { after } from '@kintsugi/boundary';
import type { UsageSample } from '@kintsugi/contracts';
import { recordsOf, type UsageRecord } from '../domain/usage-record.js';
import type { UsageStore } from '../usage-store.js';

export interface UsageListener {
  onWritten: (records: number) => void;
  onLost: (records: number, why: 'full' | 'store') => void;
}

/** Samples of many workers are written together. */
const gatherMs = 1_000;
/** Records that may wait for the store, a quarter of a kilobyte each: what comes beyond it is lost, as a gap that shows. */
const waitingMax = 50_000;

/** Takes in what workers tell that they and their jobs use. */
export class RecordUsage {
  private waiting: UsageRecord[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly store: UsageStore,
    private readonly listener: UsageListener,
  ) {}

  take(sample: UsageSample, now: number): void {
    const records = recordsOf(sample, now);
    if (this.waiting.length + records.length > waitingMax) return this.listener.onLost(records.length, 'full');
    this.waiting.push(...records);
    this.timer ??= after('record-usage', gatherMs, () => this.write());
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.writing;
    await this.write();
  }

  private write(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.writing ??= this.writeAll().finally(() => (this.writing = null));
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const records = this.waiting;
      this.waiting = [];
      try {
        await this.store.add('sample', records);
        this.listener.onWritten(records.length);
      } catch {
        // Written again, some would count twice; the store is looked after by others.
        this.listener.onLost(records.length, 'store');
      }
    }
  }
}
