export interface Rate {
  perSecond: number;
  burst: number;
}

/** What rounding may take from a token. */
const rounding = 1e-6;

/** Tokens that come at a rate, up to so many. It begins empty, at a time by a clock that cannot be set. */
export class TokenBucket {
  private tokens = 0;

  /** @param at milliseconds */
  constructor(private at: number) {}

  /** Whole tokens that are there. */
  available(now: number, rate: Rate): number {
    this.fill(now, rate);
    return Math.floor(this.tokens + rounding);
  }

  take(count: number): void {
    this.tokens -= count;
  }

  /** Milliseconds until the next whole token is there; 0 where one is. */
  dueIn(now: number, rate: Rate): number {
    this.fill(now, rate);
    return this.tokens + rounding >= 1 ? 0 : Math.ceil(((1 - this.tokens) / rate.perSecond) * 1_000);
  }

  private fill(now: number, { perSecond, burst }: Rate): void {
    const elapsed = Math.max(0, now - this.at);
    this.tokens = Math.min(burst, this.tokens + (elapsed / 1_000) * perSecond);
    this.at = Math.max(this.at, now);
  }
}
