import { expect, test } from '@jest/globals';
import type { RetryConfig } from '@kintsugi/contracts';
import { shownCondition, shownDelays } from './policy-words.js';

const policy: RetryConfig = {
  ...{ error_type: 'smtp.451', max_attempts: 3, initial_delay: 0.5, max_delay: 90, backoff_factor: 4, retry_conditions: [] },
};

test('the first waits are told, and whether more follow', () => {
  expect(shownDelays(policy)).toBe('500 ms, 2.0 s');
  expect(shownDelays({ ...policy, max_attempts: 7 })).toBe('500 ms, 2.0 s, 8.0 s, 32 s, 1 min 30 s, 1 min 30 s');
  expect(shownDelays({ ...policy, max_attempts: 8 })).toBe('500 ms, 2.0 s, 8.0 s, 32 s, 1 min 30 s, 1 min 30 s …');
  expect(shownDelays({ ...policy, max_attempts: 1 })).toBe('');
});

test('a condition reads as the command line takes it', () =>
  expect(shownCondition({ field: 'labels.team', operator: 'in', value: ['blue', 'red'] })).toBe('labels.team in ["blue","red"]'));
