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

  test.each([
    ['in', 3, 'a list, which is what in compares with'],
    ['not_in', 'a', 'a list, which is what not_in compares with'],
    ['gte', null, 'a number or a text, which is what gte compares with'],
    ['contains', 7, 'a text, which is what contains compares with'],
    ['exists', 'yes', 'true or false, which is what exists compares with'],
  ])('by %s does not compare with %j, which would hold for nothing', (operator, value, allowed) => {
    const fault = { rule: 'INVALID', got: expect.any(String), allowed };
    expect(refusal('configureRetry', withCondition({ operator, value })).extras.errors).toEqual([{ path, ...fault }]);
    if (value === null) return;
    const job_id = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
    const rerun = { job_id, conditions: [{ field: 'attempts', operator, value }] };
    expect(refusal('rerunPartial', rerun).extras.errors).toEqual([{ path: 'data.conditions[0].value', ...fault }]);
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

describe('what is allowed', () => {
  const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
  const recovery = (condition: object) => ({ filter: { job_id: jobId }, when: [condition] });
  const search = (filters: object) => ({ filters });

  test.each<[string, keyof typeof operations, unknown, object]>([
    [
      'a list, and not a short text, where a text stands for one',
      'fetchJobHistory',
      search({ status: 'completed or failed' }),
      { path: 'data.filters.status', rule: 'TYPE', got: '"completed or failed"', allowed: 'an array' },
    ],
    [
      'a text, and not a longer list, where a list stands for one',
      'createJob',
      { ...minimalJob, product_id: [] },
      { path: 'data.product_id', rule: 'TYPE', got: 'an array of 0', allowed: 'a string' },
    ],
    [
      'the bound of the field, and not that of all whole numbers',
      'createJob',
      { ...minimalJob, priority: 1e300 },
      { path: 'data.priority', rule: 'RANGE', got: '1e+300', allowed: 'at most 9' },
    ],
    [
      'a kind of condition',
      'recoverGroup',
      recovery({ kind: 'windows', from: '22:00', to: '06:00' }),
      {
        path: 'data.when[0].kind',
        rule: 'VALUE',
        got: '"windows"',
        allowed: 'dependency, window, job, approval',
        hint: 'did you mean window?',
      },
    ],
    [
      'a kind of condition, where none is given',
      'recoverGroup',
      recovery({}),
      { path: 'data.when[0].kind', rule: 'REQUIRED', got: 'nothing', allowed: 'dependency, window, job, approval' },
    ],
    [
      'a field of the kind of condition that is given',
      'recoverGroup',
      recovery({ kind: 'window', from: '22:00', to: '06:00', timezone: 'UTC' }),
      {
        path: 'data.when[0].timezone',
        rule: 'UNKNOWN_FIELD',
        got: '"UTC"',
        allowed: 'kind, from, to, time_zone',
        hint: 'did you mean time_zone?',
      },
    ],
    [
      'a field of what a text may stand for too',
      'createJob',
      { ...minimalJob, depends_on: [{ job_id: jobId, when: 'finished' }] },
      { path: 'data.depends_on[0].when', rule: 'UNKNOWN_FIELD', got: '"finished"', allowed: 'job_id, on' },
    ],
    [
      'each kind of JSON that there may be',
      'createJob',
      { ...minimalJob, depends_on: [5] },
      { path: 'data.depends_on[0]', rule: 'TYPE', got: '5', allowed: 'a string, or an object' },
    ],
    [
      'each kind of JSON that there may be, where none is given',
      'rerunPartial',
      { job_id: jobId, conditions: [{ field: 'state', operator: 'eq' }] },
      {
        path: 'data.conditions[0].value',
        rule: 'REQUIRED',
        got: 'nothing',
        allowed: 'a string, or a number, or true or false, or an array',
      },
    ],
    [
      'one of some words, where none is given',
      'rerunPartial',
      { job_id: jobId, conditions: [{ field: 'state', value: 'dead' }] },
      { path: 'data.conditions[0].operator', rule: 'REQUIRED', got: 'nothing', allowed: expect.stringMatching(/^eq, ne, in, /) },
    ],
  ])('is %s', (_, action, data, fault) => {
    expect(refusal(action, data).extras.errors).toEqual([fault]);
  });

  test('is told once of each fault of a large input', () => {
    const { message } = refusal('createJob', { ...minimalJob, product_id: [], priority: 1e300 });
    expect(message).toContain('(and 1 more)');
  });
});
