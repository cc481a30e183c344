import type { ServerResponse } from 'node:http';
import { ProblemError } from '@kintsugi/contracts';
import { TokenBuckets } from '../domain/token-buckets.js';

/**
 * Holds each caller to a number of requests a second. It is asked by the guard and is no hook of Fastify's: only the guard knows whose
 * key a request has, and a key that is only claimed must not use up what belongs to its owner.
 */
export class RateLimit {
  private readonly buckets: TokenBuckets | null;

  /** @param perSecond 0: no limit */
  constructor(private readonly perSecond: number) {
    this.buckets = perSecond > 0 ? new TokenBuckets(perSecond) : null;
  }

  /**
   * @param weight as how many requests it counts
   * @param before as how many it has been counted already: in all it takes no more than there is at most
   */
  count(caller: string, weight: number, response: ServerResponse, before = 0): void {
    if (!this.buckets) return;
    const wanted = Math.min(weight, this.buckets.size - before);
    if (wanted <= 0) return;
    const { taken, left, waitMs } = this.buckets.take(caller, wanted, performance.now());
    if (taken) return;
    const seconds = String(Math.ceil(waitMs / 1_000));
    response.setHeader('ratelimit-limit', String(this.buckets.size));
    response.setHeader('ratelimit-remaining', String(left));
    response.setHeader('ratelimit-reset', seconds);
    throw new ProblemError(
      'RATE_LIMITED',
      `${caller} has made more than ${this.perSecond} requests a second; this one counts as ${weight}. Try again when Retry-After has passed.`,
      { retry_after: Math.ceil(waitMs) / 1_000 },
    );
  }
}
