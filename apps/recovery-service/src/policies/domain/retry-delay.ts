/** `full`: anything between nothing and the computed delay, so that what failed together does not return together. */
export const jitters = ['full', 'none'] as const;

export type Jitter = (typeof jitters)[number];

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
  /** From 0 to below 1. */
  random: number;
  /** The failure itself knows when another try makes sense: then that is the delay, without jitter. */
  retryAfterMs: number | null;
  delaySecondsMax: number;
}

/** Milliseconds before a retry. */
export function retryDelayMs({ backoff, retryNumber, jitter, random, retryAfterMs, delaySecondsMax }: DelayRequest): number {
  const seconds =
    retryAfterMs !== null ? retryAfterMs / 1000 : rawDelaySeconds(backoff, retryNumber) * (jitter === 'full' ? random : 1);
  return Math.round(Math.min(Math.max(0, seconds), delaySecondsMax) * 1000);
}
