import { describe, expect, test } from '@jest/globals';
import type { RetryConfig } from '@kintsugi/contracts';
import { configFor, policyFor } from './retry-policy.js';

const fallback: RetryConfig = {
  error_type: '*',
  max_attempts: 4,
  initial_delay: 5,
  max_delay: 3600,
  backoff_factor: 2,
  retry_conditions: [],
};
const configs: RetryConfig[] = [
  { ...fallback, error_type: 'smtp.*', max_attempts: 6 },
  { ...fallback, error_type: 'smtp.451', max_attempts: 9, initial_delay: 60, max_delay: 120 },
  { ...fallback, error_type: 'smtp.4*', max_attempts: 7 },
];

describe('the config for an error type', () => {
  test.each([
    ['smtp.451', 'smtp.451'],
    ['smtp.450', 'smtp.4*'],
    ['smtp.550', 'smtp.*'],
    ['net.reset', undefined],
  ])('of %s is %s', (errorType, expected) => {
    expect(configFor(configs, errorType)?.error_type).toBe(expected);
  });
});

describe('the policy for a failure', () => {
  test('is the default where nobody says otherwise', () => {
    expect(policyFor('net.reset', null, configs, { config: fallback, jitter: 'full' })).toMatchObject({
      max_attempts: 4,
      initial_delay: 5,
      source: 'the default',
    });
  });

  test('is that of the error type where there is one', () => {
    expect(policyFor('smtp.451', null, configs, { config: fallback, jitter: 'full' })).toMatchObject({
      max_attempts: 9,
      initial_delay: 60,
      source: 'smtp.451',
    });
  });

  test('gives the job the first word on what it sets, the error type on the rest', () => {
    const job = { max_attempts: 2, retry_interval: 300, retry_on_errors: ['smtp.*'] };
    expect(policyFor('smtp.451', job, configs, { config: fallback, jitter: 'full' })).toEqual({
      max_attempts: 2,
      initial_delay: 300,
      max_delay: 300,
      backoff_factor: 2,
      jitter: 'full',
      max_retry_after: 604_800,
      rules: [],
      retry_conditions: [],
      retry_on_errors: ['smtp.*'],
      namesType: true,
      source: 'the job and smtp.451',
    });
  });

  test('names an error type only by its full name', () => {
    const job = (retry_on_errors: string[]) => ({ max_attempts: 2, retry_interval: 1, retry_on_errors });
    expect(policyFor('smtp.550', null, configs, { config: fallback, jitter: 'full' }).namesType).toBe(false);
    expect(policyFor('smtp.550', job(['smtp.*']), configs, { config: fallback, jitter: 'full' }).namesType).toBe(false);
    expect(policyFor('smtp.550', job(['smtp.550']), configs, { config: fallback, jitter: 'full' }).namesType).toBe(true);
    expect(policyFor('smtp.451', null, configs, { config: fallback, jitter: 'full' }).namesType).toBe(true);
  });
});
