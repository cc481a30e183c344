import type { ErrorRecord } from '@kintsugi/contracts';

/** A failure is recorded some time after it happened, and not always in that order. */
const lateMs = 30_000;
/** What failed while recovery-service was away is recorded so much later, as far as it is waited for. */
const lookBackMs = 600_000;

type Seen = Pick<ErrorRecord, 'id' | 'timestamp'>;

/** Tells which records are new to whoever looks again and again. One whose task has failed anew is new once more. */
export class RecordsSeen {
  /** Those that a next look may find again. */
  private readonly known = new Map<string, number>();
  private newest: number;
  private lookedAt = -Infinity;

  /** @param since what had failed before it is not wanted, in epoch milliseconds */
  constructor(private readonly since: number) {
    this.newest = since;
  }

  /** From when on the next look has to find what failed. */
  get from(): number {
    return Math.max(this.since, this.newest - lateMs, this.lookedAt - lookBackMs);
  }

  /** A look that began then has found all that there was. */
  noteWhole(startedAt: number): void {
    this.lookedAt = startedAt;
  }

  /** Those of the records that were not seen yet, the oldest first. */
  take<Found extends Seen>(found: readonly Found[]): Found[] {
    const fresh = found.filter((record) => !this.known.has(keyOf(record)));
    for (const record of fresh) {
      const at = Date.parse(record.timestamp);
      this.known.set(keyOf(record), at);
      this.newest = Math.max(this.newest, at);
    }
    for (const [key, at] of this.known) if (at < this.from) this.known.delete(key);
    return fresh.toSorted((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
  }
}

function keyOf({ id, timestamp }: Seen): string {
  return `${id} ${timestamp}`;
}
