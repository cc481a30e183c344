/** How much faster or slower than time it goes while it is off the wall clock. */
const correction = 0.1;

/**
 * Epoch milliseconds that no step of the wall clock moves. A retry is due when its time has passed: a clock that is set an
 * hour ahead must not have it started at once, and one that is set back must not have it wait for an hour. What the wall
 * clock is off after a step is made up for at a tenth of the speed of time.
 */
export class SteadyClock {
  private at: number;
  private elapsed: number;

  constructor(
    private readonly wall: () => number,
    /** Milliseconds since some moment, by a clock that cannot be set and goes on while the machine sleeps. */
    private readonly elapsedMs: () => number,
  ) {
    this.at = wall();
    this.elapsed = elapsedMs();
  }

  now(): number {
    const elapsed = this.elapsedMs();
    const passed = Math.max(0, elapsed - this.elapsed);
    this.elapsed = elapsed;
    const off = this.wall() - this.at - passed;
    const most = passed * correction;
    this.at += passed + Math.max(-most, Math.min(most, off));
    return Math.round(this.at);
  }
}
