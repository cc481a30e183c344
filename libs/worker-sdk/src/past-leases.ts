/** After that a slice that comes again is work: a record that was put back to an earlier state knows nothing of its end. */
const keptMs = 30_000;

/**
 * Leases that were let go lately. A copy of their slice may still be under way, from a job-service that has died or was
 * stopped meanwhile: their tasks must not be run a second time.
 */
export class PastLeases {
  private recent = new Set<string>();
  private older = new Set<string>();
  private turnedAt = 0;

  /** @param now monotonic milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  add(key: string): void {
    this.turn();
    this.recent.add(key);
  }

  has(key: string): boolean {
    this.turn();
    return this.recent.has(key) || this.older.has(key);
  }

  private turn(): void {
    const passedMs = this.now() - this.turnedAt;
    if (passedMs < keptMs) return;
    this.older = passedMs < 2 * keptMs ? this.recent : new Set();
    this.recent = new Set();
    this.turnedAt = this.now();
  }
}
