/** How often it is asked for those that have not answered yet whether they are still there. */
export const presenceIntervalMs = 100;

/** Between two looks further apart than this, whoever asks was busy or not interested, and knows nothing of the time between. */
const lookMsMax = 3 * presenceIntervalMs;
/** A process whose connection broke, while it lives, is back within this time. */
const absenceMsMax = 1_000;

/** Who answers the requests of a service, as far as was heard. A connection that breaks is no death: the answer may still come. */
export class Presence {
  private identity: string | null = null;
  private absentSince: number | null = null;
  private lookedAt = 0;

  /** Nobody listens. Gives the time since when whoever listened before is gone; null as long as it may come back. */
  absent(nowMs: number): number | null {
    if (this.absentSince === null || nowMs - this.lookedAt > lookMsMax) this.absentSince = nowMs;
    this.lookedAt = nowMs;
    return nowMs - this.absentSince >= absenceMsMax ? this.absentSince : null;
  }

  /** Somebody listens. Gives the time since when whoever listened before is gone, if this is another. */
  present(identity: string): number | null {
    const goneSince = identity === this.identity ? null : this.absentSince;
    this.identity = identity;
    this.absentSince = null;
    return goneSince;
  }
}
