import type { RetryConfig } from '@kintsugi/contracts';

/** Seconds before each retry of a policy at most, without chance; no more of them than asked for. */
export function delaysOf(
  {
    max_attempts,
    initial_delay,
    max_delay,
    backoff_factor,
  }: Pick<RetryConfig, 'max_attempts' | 'initial_delay' | 'max_delay' | 'backoff_factor'>,
  count: number,
): number[] {
  const retries = Math.min(count, max_attempts - 1);
  return Array.from({ length: retries }, (_, index) => Math.min(max_delay, initial_delay * backoff_factor ** index));
}
