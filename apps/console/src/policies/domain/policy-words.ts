import type { RetryCondition, RetryConfig } from '@kintsugi/contracts';
import { shownDuration } from '../../display/domain/durations.js';
import { delaysOf } from './delays.js';

const shownDelaysMax = 6;

/** The first waits of a policy at most, in words; empty where no retry follows. */
export function shownDelays(policy: RetryConfig): string {
  const delays = delaysOf(policy, shownDelaysMax).map((seconds) => shownDuration(seconds * 1_000));
  return delays.join(', ') + (policy.max_attempts - 1 > shownDelaysMax ? ' …' : '');
}

/** A condition as `./kintsugi policy` takes it. */
export function shownCondition({ field, operator, value }: RetryCondition): string {
  return `${field} ${operator} ${JSON.stringify(value)}`;
}
