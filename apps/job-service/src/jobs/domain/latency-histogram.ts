/** Buckets a decade; relative error of a percentile is at most half a bucket, about 4.7 %. */
const bucketsPerDecade = 25;
const decades = 10;
const smallestMs = 0.001;

/** Durations in logarithmic buckets, from a microsecond to about four months; small enough to keep with a job. */
export class LatencyHistogram {
  private readonly buckets: Float64Array;
  private total = 0;

  constructor(saved?: Readonly<Record<string, number>>) {
    this.buckets = new Float64Array(bucketsPerDecade * decades + 1);
    for (const [bucket, count] of Object.entries(saved ?? {})) {
      this.buckets[Number(bucket)] = count;
      this.total += count;
    }
  }

  add(milliseconds: number): void {
    const position = Math.ceil(Math.log10(Math.max(milliseconds, smallestMs) / smallestMs) * bucketsPerDecade);
    const bucket = Math.min(this.buckets.length - 1, position);
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.total += 1;
  }

  /** The value below which the share lies, in milliseconds (geometric middle of its bucket); null without values. */
  percentile(share: number): number | null {
    if (this.total === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.total));
    let seen = 0;
    const bucket = this.buckets.findIndex((count) => (seen += count) >= rank);
    return Math.round(smallestMs * 10 ** ((bucket - 0.5) / bucketsPerDecade) * 1000) / 1000;
  }

  /** Only the buckets in use, to be stored. */
  save(): Record<string, number> {
    const saved: Record<string, number> = {};
    this.buckets.forEach((count, bucket) => {
      if (count > 0) saved[bucket] = count;
    });
    return saved;
  }

  summary(): { p50_ms: number; p99_ms: number } | null {
    const p50 = this.percentile(0.5);
    const p99 = this.percentile(0.99);
    return p50 === null || p99 === null ? null : { p50_ms: p50, p99_ms: p99 };
  }
}
