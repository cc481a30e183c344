/**
 * Time by which the silence of others is judged. It goes on only with signs that others could be heard, and by a bounded
 * step from one to the next: a pause of the one who judges, however long, is one step and not the silence of the judged.
 */
export class AwakeTime {
  private passedMs = 0;
  private lastSignAt: number;

  constructor(
    private readonly stepMaxMs: number,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.lastSignAt = monotonic();
  }

  /** Milliseconds since it was made. */
  get now(): number {
    return this.passedMs + Math.min(Math.max(0, this.monotonic() - this.lastSignAt), this.stepMaxMs);
  }

  /** Others could be heard just now. Gives the time as it is then. */
  pass(): number {
    this.passedMs = this.now;
    this.lastSignAt = this.monotonic();
    return this.passedMs;
  }
}
