import { describe, expect, test } from '@jest/globals';
import { operations } from '@kintsugi/contracts';
import { readSettings } from '@kintsugi/hosting';
import { defaultPolicyOf, recoveryServiceSettings } from './recovery-service.config.js';

const policyOf = (environment: Record<string, string>) =>
  defaultPolicyOf(readSettings(recoveryServiceSettings, environment)).config;

describe('the default policy', () => {
  test('retries three times after 5, 10 and 20 seconds', () => {
    expect(policyOf({})).toMatchObject({ max_attempts: 4, initial_delay: 5, backoff_factor: 2, max_delay: 3600 });
  });

  test('never retries at 0 attempts', () => {
    expect(policyOf({ MAX_RETRY_ATTEMPTS: '0' }).max_attempts).toBe(1);
  });

  test('is one that the contract allows, also when the wait is above the longest', () => {
    const policy = policyOf({ RETRY_WAIT_SECONDS: '600', RETRY_MAX_DELAY_SECONDS: '60' });
    expect(operations.listRetryConfigs.response.safeParse({ default: policy, items: [] }).success).toBe(true);
  });

  test.each([
    ['MAX_RETRY_ATTEMPTS', '-1'],
    ['MAX_RETRY_ATTEMPTS', '1.5'],
    ['RETRY_BACKOFF_MULTIPLIER', '0.5'],
    ['RETRY_JITTER', 'some'],
  ])('%s=%s is refused', (name, value) => {
    expect(() => policyOf({ [name]: value })).toThrow(name);
  });
});
