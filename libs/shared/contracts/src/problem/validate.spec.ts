import { describe, expect, test } from '@jest/globals';
import { limits } from '../limits.js';
import { operations } from '../operations.js';
import { ProblemError } from './problem.js';
import { validate } from './validate.js';

const minimalJob = { product_id: 'p', sending_group_id: 'g' };
const many = <Item>(item: (index: number) => Item): Item[] => Array.from({ length: 1_000_000 }, (_, index) => item(index));

function refusal(action: keyof typeof operations, data: unknown): ProblemError {
  try {
    validate(operations[action].request, data, 'data');
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('an input of a million bad entries', () => {
  test.each<[string, keyof typeof operations, unknown, string, string]>([
    ['tasks', 'createJob', { ...minimalJob, tasks: many(() => 1) }, 'data.tasks', `at most ${limits.inlineTasks} entries`],
    [
      'labels',
      'createJob',
      { ...minimalJob, labels: Object.fromEntries(many((index) => [`!${index}`, 1])) },
      'data.labels',
      `at most ${limits.labels} entries`,
    ],
    [
      'error types',
      'createJob',
      { ...minimalJob, retry_config: { max_attempts: 1, retry_interval: 1, retry_on_errors: many(() => 1) } },
      'data.retry_config.retry_on_errors',
      'at most 100 entries',
    ],
    [
      'conditions',
      'configureRetry',
      { error_type: 'x', config: { retry_conditions: many(() => 1) } },
      'data.config.retry_conditions',
      'at most 20 entries',
    ],
    [
      'params',
      'manualRecover',
      { recovery_options: { custom_params: Object.fromEntries(many((index) => [`\n${index}`, 1])) } },
      'data.recovery_options.custom_params',
      'at most 10000 entries',
    ],
  ])('is refused for their number, without a look at each: %s', (_, action, data, path, allowed) => {
    expect(refusal(action, data).extras.errors).toEqual([{ path, rule: 'TOO_LONG', got: expect.any(String), allowed }]);
  });

  test('that are unknown fields has them counted, and the first named', () => {
    const { message, extras } = refusal('createJob', {
      ...minimalJob,
      ...Object.fromEntries(many((index) => [`field${index}`, 1])),
    });
    expect(message).toContain('(and 999999 more)');
    expect(extras.errors).toHaveLength(limits.problemErrors);
  });
});

describe('a retry condition', () => {
  const config = { error_type: 'x', max_attempts: 1, initial_delay: 1, max_delay: 1, backoff_factor: 1 };
  const withCondition = (more: object) => ({
    error_type: 'x',
    config: { ...config, retry_conditions: [{ field: 'attempt', operator: 'eq', ...more }] },
  });
  const path = 'data.config.retry_conditions[0].value';

  test.each([null, 1, 'x', ['a', 1], { a: 1 }])('may compare with %j', (value) => {
    expect(validate(operations.configureRetry.request, withCondition({ value }), 'data')).toEqual(withCondition({ value }));
  });

  test('compares with something', () => {
    expect(refusal('configureRetry', withCondition({})).extras.errors).toEqual([
      { path, rule: 'REQUIRED', got: 'nothing', allowed: 'any JSON' },
    ]);
  });

  test('compares with little', () => {
    const value = Array.from({ length: limits.conditionValueBytes }, () => ({}));
    expect(refusal('configureRetry', withCondition({ value })).extras.errors).toMatchObject([{ path, rule: 'INVALID' }]);
  });
});
