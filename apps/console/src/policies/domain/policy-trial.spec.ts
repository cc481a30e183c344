import { describe, expect, test } from '@jest/globals';
import { operations, type RetryConfig, type RetryTrial } from '@kintsugi/contracts';
import { policyCommandOf, policyFormOf, triedPolicyOf, waitsOf } from './policy-trial.js';

const holds: RetryConfig = {
  ...{ error_type: '*', max_attempts: 3, initial_delay: 5, max_delay: 60, backoff_factor: 2, jitter: 'full' },
  retry_conditions: [{ field: 'attempt', operator: 'lt', value: 9 }],
};

describe('a policy that is tried', () => {
  test('is the one that holds, for the error type, with what was changed', () => {
    const tried = triedPolicyOf(holds, 'smtp.451', { ...policyFormOf(holds), max_attempts: 6, jitter: 'none' });
    expect(tried).toEqual({ ...holds, error_type: 'smtp.451', max_attempts: 6, jitter: 'none' });
    expect(operations.configureRetry.request.safeParse({ error_type: 'smtp.451', config: tried }).success).toBe(true);
  });

  test('leaves the draw of waits to the service where nothing is chosen', () => {
    expect(triedPolicyOf(holds, 'smtp.451', { ...policyFormOf(holds), jitter: '' })).not.toHaveProperty('jitter');
    const { jitter: _, ...undrawn } = holds;
    expect(policyFormOf(undrawn).jitter).toBe('');
  });

  test('is set by a command', () => {
    expect(policyCommandOf('smtp.*', policyFormOf(holds))).toBe(
      './kintsugi policy set smtp.* --max-attempts 3 --initial-delay 5 --max-delay 60 --backoff 2 --jitter full'.replace(
        'smtp.*',
        "'smtp.*'",
      ),
    );
  });
});

test('the waits of what holds and of what is tried stand run by run, as far as there is such a run', () => {
  const trial = (...waits: [number, number, number][]) =>
    ({ schedule: waits.map(([attempt, from_s, to_s]) => ({ attempt, from_s, to_s })) }) as RetryTrial;
  const now = trial([2, 0, 5], [3, 0, 10]);
  expect(waitsOf(now, trial([2, 10, 10], [3, 20, 20], [4, 40, 40]))).toEqual({
    longestSeconds: 40,
    runs: [
      { run: 2, now: { fromSeconds: 0, toSeconds: 5 }, tried: { fromSeconds: 10, toSeconds: 10 } },
      { run: 3, now: { fromSeconds: 0, toSeconds: 10 }, tried: { fromSeconds: 20, toSeconds: 20 } },
      { run: 4, now: null, tried: { fromSeconds: 40, toSeconds: 40 } },
    ],
  });
  expect(waitsOf(trial(), undefined)).toEqual({ longestSeconds: 0, runs: [] });
});
