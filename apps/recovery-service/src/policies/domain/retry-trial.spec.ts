import { describe, expect, test } from '@jest/globals';
import { limits, type RetryRule } from '@kintsugi/contracts';
import { failureSample } from '../../records/domain/error-record-sample.js';
import type { RetryPolicy } from './retry-policy.js';
import { tryPolicy, type TrialInput } from './retry-trial.js';

const policy: RetryPolicy = {
  ...{ max_attempts: 4, initial_delay: 5, max_delay: 12, backoff_factor: 2, jitter: 'equal', rules: [] },
  ...{ max_retry_after: limits.retryDelaySeconds, retry_conditions: [], retry_on_errors: [], namesType: false, source: 'smtp.*' },
};
const quarantine: RetryRule = { when: [{ field: 'attempt', operator: 'gte', value: 3 }], action: 'quarantine' };

const tried = (change: Partial<TrialInput> = {}) =>
  tryPolicy({ failure: failureSample(), failures: 1, uncounted: 0, jobCancelled: false, now: 0, policy, ...change });

describe('the trial of a policy', () => {
  test('tells the runs that would follow, and within which bounds each delay is drawn', () => {
    expect(tried()).toMatchObject({ decision: 'retry', source: 'smtp.*', rule: null, delay: { from_s: 2.5, to_s: 5 } });
    expect(tried().schedule).toEqual([
      { attempt: 2, from_s: 2.5, to_s: 5 },
      { attempt: 3, from_s: 5, to_s: 10 },
      { attempt: 4, from_s: 6, to_s: 12 },
    ]);
  });

  test('ends the schedule where a rule would', () => {
    const { schedule, conditions } = tried({ policy: { ...policy, rules: [quarantine] } });
    expect(schedule.map(({ attempt }) => attempt)).toEqual([2, 3]);
    expect(conditions).toEqual([
      { of: 'rules[0]', field: 'attempt', operator: 'gte', value: 3, actual: 1, holds: false, comparable: true },
    ]);
  });

  test('tells a condition that compares what cannot be compared', () => {
    const retry_conditions = [{ field: 'labels.team', operator: 'eq' as const, value: 'mail' }];
    expect(tried({ policy: { ...policy, retry_conditions } })).toMatchObject({
      decision: 'fail_task',
      delay: null,
      schedule: [],
      conditions: [{ of: 'retry_conditions', actual: null, holds: false, comparable: false }],
    });
  });

  test('tells what a rule asks for', () => {
    const rules = [{ ...quarantine, when: [{ field: 'attempt', operator: 'eq' as const, value: 1 }] }];
    expect(tried({ policy: { ...policy, rules } })).toMatchObject({ decision: 'quarantine', rule: { index: 0 } });
    const failing = [{ ...rules[0]!, action: 'fail_job' as const }];
    expect(tried({ policy: { ...policy, rules: failing } })).toMatchObject({ decision: 'fail_job' });
  });
});
