/** What became of a request for tokens. */
export interface Taking {
  taken: boolean;
  /** Whole tokens that are left. */
  left: number;
  /** Until the tokens asked for would be there. */
  waitMs: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const bucketsMaxDefault = 10_000;

/**
 * A bucket of tokens for each name: it holds what comes in within a second, is full at first, and fills at a steady rate. So a caller
 * may burst after a quiet moment and is held to the rate otherwise. Buckets that are full again are forgotten.
 */
export class TokenBuckets {
  /** The most a bucket holds. */
  readonly size: number;
  /** Those that were asked longest ago come first. */
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number,
    private readonly bucketsMax = bucketsMaxDefault,
  ) {
    this.size = Math.max(1, perSecond);
  }

  get kept(): number {
    return this.buckets.size;
  }

  /** @param tokens never more than a bucket holds, however many are asked for */
  take(name: string, tokens: number, nowMs: number): Taking {
    const wanted = Math.min(tokens, this.size);
    const { buckets } = this;
    const held = this.heldBy(buckets.get(name), nowMs);
    buckets.delete(name);
    if (buckets.size >= this.bucketsMax) this.forget(nowMs);
    const taken = held >= wanted;
    const left = taken ? held - wanted : held;
    buckets.set(name, { tokens: left, at: nowMs });
    return { taken, left: Math.floor(left), waitMs: taken ? 0 : ((wanted - held) / this.perSecond) * 1_000 };
  }

  private heldBy(bucket: Bucket | undefined, nowMs: number): number {
    if (!bucket) return this.size;
    return Math.min(this.size, bucket.tokens + ((nowMs - bucket.at) / 1_000) * this.perSecond);
  }

  /** All that are full, and the oldest in any case: the number of names must not grow with those who call. */
  private forget(nowMs: number): void {
    for (const [name, bucket] of this.buckets) {
      if (this.buckets.size < this.bucketsMax && this.heldBy(bucket, nowMs) < this.size) return;
      this.buckets.delete(name);
    }
  }
}
