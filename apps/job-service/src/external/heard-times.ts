/** Keeps how long this service has been able to hear, over all of its processes. */
export abstract class HeardTimes {
  /** Milliseconds; 0 at first. */
  abstract load(): Promise<number>;
  /** Never takes it back. */
  abstract save(ms: number): Promise<void>;
}

/** For specs. */
export class HeardTimesInMemory implements HeardTimes {
  constructor(private ms = 0) {}

  async load(): Promise<number> {
    return this.ms;
  }

  async save(ms: number): Promise<void> {
    this.ms = Math.max(this.ms, ms);
  }
}
