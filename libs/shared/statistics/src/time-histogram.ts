export interface Histogram<Name extends string> {
  bucket_s: number;
  buckets: ({ start: string } & Record<Name, number>)[];
}

/** Lengths that a reader knows, in seconds; the last two are a week and four. */
const lengths = [1, 5, 15, 60, 300, 900, 3_600, 10_800, 43_200, 86_400, 604_800, 2_419_200];

const bucketsMax = 100;

/**
 * Counts what happened by when it did, in buckets of one length that begin at whole multiples of it. The length grows
 * with the time between the first and the last, so that there are never more than 100.
 */
export class TimeHistogram<Name extends string> {
  private buckets = new Map<number, Record<Name, number>>();
  private length = 1_000;
  private first = Infinity;
  private last = -Infinity;

  /** @param names what is counted in each bucket */
  constructor(private readonly names: readonly Name[]) {}

  /** Counts one under some of the names, at a time in epoch milliseconds. */
  add(time: number, ...names: Name[]): void {
    this.reach(time, time);
    const counts = this.countsAt(time);
    for (const name of names) counts[name] += 1;
  }

  /** Counts one at each of very many times. */
  addAll(times: Float64Array, name: Name): void {
    if (times.length === 0) return;
    let first = Infinity;
    let last = -Infinity;
    for (const time of times) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
    this.reach(first, last);
    const origin = this.startOf(first);
    const found = new Uint32Array((this.startOf(last) - origin) / this.length + 1);
    for (const time of times) {
      const index = Math.floor((time - origin) / this.length);
      found[index] = (found[index] ?? 0) + 1;
    }
    found.forEach((count, index) => {
      if (count > 0) this.countsAt(origin + index * this.length)[name] += count;
    });
  }

  /** All buckets from the first to the last, empty ones too; null where nothing was counted. */
  result(): Histogram<Name> | null {
    if (this.buckets.size === 0) return null;
    const buckets = Array.from({ length: this.bucketCount() }, (_, index) => {
      const start = this.startOf(this.first) + index * this.length;
      return { start: new Date(start).toISOString(), ...(this.buckets.get(start) ?? this.none()) };
    });
    return { bucket_s: this.length / 1_000, buckets };
  }

  private reach(first: number, last: number): void {
    this.first = Math.min(this.first, first);
    this.last = Math.max(this.last, last);
    while (this.bucketCount() > bucketsMax) this.coarsen();
  }

  private countsAt(time: number): Record<Name, number> {
    const start = this.startOf(time);
    const known = this.buckets.get(start);
    if (known) return known;
    const counts = this.none();
    this.buckets.set(start, counts);
    return counts;
  }

  private none(): Record<Name, number> {
    return Object.fromEntries(this.names.map((name) => [name, 0])) as Record<Name, number>;
  }

  private bucketCount(): number {
    return (this.startOf(this.last) - this.startOf(this.first)) / this.length + 1;
  }

  private startOf(time: number): number {
    return Math.floor(time / this.length) * this.length;
  }

  /** Each length holds the one before a whole number of times, so that counts move as they are. */
  private coarsen(): void {
    const seconds = lengths.find((longer) => longer * 1_000 > this.length);
    this.length = seconds === undefined ? this.length * 2 : seconds * 1_000;
    const fine = this.buckets;
    this.buckets = new Map();
    for (const [start, counts] of fine) {
      const coarse = this.startOf(start);
      const sum = this.buckets.get(coarse) ?? this.none();
      for (const name of this.names) sum[name] += counts[name];
      this.buckets.set(coarse, sum);
    }
  }
}
