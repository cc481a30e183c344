import { placeOfBundledJob } from '@kintsugi/contracts';

/** Jobs that are remembered as awaited; beyond that each end is looked up in the record. */
const rememberedMax = 100_000;

/**
 * The jobs that others wait for, so that the end of any other costs nothing. It may name too many, and never too few: what an end frees
 * is said by the record.
 */
export class AwaitedJobs {
  private readonly own = new Set<string>();
  private readonly bundled = new Map<string, Set<string>>();
  private size = 0;

  constructor(private readonly most = rememberedMax) {}

  add(jobId: string): void {
    if (this.isOverfull || this.has(jobId)) return;
    this.size += 1;
    const place = placeOfBundledJob(jobId);
    if (!place) this.own.add(jobId);
    else if (this.bundled.has(place.chunkId)) this.bundled.get(place.chunkId)?.add(jobId);
    else this.bundled.set(place.chunkId, new Set([jobId]));
    if (!this.isOverfull) return;
    this.own.clear();
    this.bundled.clear();
  }

  has(jobId: string): boolean {
    if (this.isOverfull) return true;
    const place = placeOfBundledJob(jobId);
    return place ? this.bundled.get(place.chunkId)?.has(jobId) === true : this.own.has(jobId);
  }

  /** Those in a bundle; null where any of it may be. */
  inBundle(chunkId: string): ReadonlySet<string> | null {
    return this.isOverfull ? null : (this.bundled.get(chunkId) ?? none);
  }

  delete(jobId: string): void {
    if (this.isOverfull || !this.has(jobId)) return;
    this.size -= 1;
    const place = placeOfBundledJob(jobId);
    if (!place) {
      this.own.delete(jobId);
      return;
    }
    const others = this.bundled.get(place.chunkId);
    others?.delete(jobId);
    if (others?.size === 0) this.bundled.delete(place.chunkId);
  }

  private get isOverfull(): boolean {
    return this.size > this.most;
  }
}

const none: ReadonlySet<string> = new Set();
