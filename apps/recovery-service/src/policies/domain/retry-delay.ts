import type { Jitter } from '@kintsugi/contracts';

export interface Backoff {
  initial_delay: number;
  max_delay: number;
  backoff_factor: number;
}

/** Seconds before the n-th retry, jitter aside: `min(max_delay, initial_delay * backoff_factor^(n-1))`, n from 1. */
export function rawDelaySeconds({ initial_delay, max_delay, backoff_factor }: Backoff, retryNumber: number): number {
  if (initial_delay <= 0) return 0;
  // The cap is looked for in logarithms: the power itself leaves the numbers after a few hundred retries.
  const growth = (retryNumber - 1) * Math.log(backoff_factor);
  if (growth >= Math.log(max_delay / initial_delay)) return max_delay;
  return Math.min(max_delay, initial_delay * Math.exp(growth));
}

export interface DelayRequest {
  backoff: Backoff;
  /** Counted from 1. */
  retryNumber: number;
  jitter: Jitter;
  /** The failure itself knows when another try makes sense: then that is the delay, without jitter. */
  retryAfterMs: number | null;
  /** Seconds that the failure may ask for at most. */
  retryAfterMax: number;
}

/** Seconds within which the delay before a retry is drawn. */
export function delayBounds({ backoff, retryNumber, jitter, retryAfterMs, retryAfterMax }: DelayRequest): [number, number] {
  if (retryAfterMs !== null) {
    const asked = Math.min(Math.max(0, retryAfterMs / 1000), retryAfterMax);
    return [asked, asked];
  }
  const raw = rawDelaySeconds(backoff, retryNumber);
  return [raw * leastShare[jitter], raw];
}

const leastShare: Record<Jitter, number> = { full: 0, equal: 0.5, none: 1 };

/** Milliseconds before a retry. @param random from 0 to below 1 */
export function retryDelayMs(request: DelayRequest, random: number): number {
  const [from, to] = delayBounds(request);
  return Math.round((from + (to - from) * random) * 1000);
}
