import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits, type FailedTask, type RetryRule, type RuleAction } from '@kintsugi/contracts';
import { failureSample } from '../../records/domain/error-record-sample.js';
import { decide, type DecisionInput } from './retry-decision.js';
import type { RetryPolicy } from './retry-policy.js';

const now = Date.parse('2026-11-23T06:00:00.000Z');

const failure = failureSample({ attempt: 2 });

const policy: RetryPolicy = {
  max_attempts: 4,
  initial_delay: 5,
  max_delay: 3600,
  backoff_factor: 2,
  jitter: 'full',
  max_retry_after: limits.retryDelaySeconds,
  rules: [],
  retry_conditions: [],
  retry_on_errors: [],
  namesType: false,
  source: 'the default',
};

/** A rule that applies to the failure, unless it is of another attempt. */
function ruleOf(action: RuleAction, attempt = 2): RetryRule {
  return { when: [{ field: 'attempt', operator: 'eq', value: attempt }], action, reason: 'so' };
}

interface Change extends Partial<Omit<DecisionInput, 'failure' | 'policy'>> {
  failure?: Partial<FailedTask>;
  policy?: Partial<RetryPolicy>;
}

function decided(change: Change = {}) {
  const input = { failures: 2, uncounted: 0, jobCancelled: false, now, random: 0.5, ...change };
  return decide({ ...input, failure: { ...failure, ...change.failure }, policy: { ...policy, ...change.policy } });
}

describe('the decision on a failure', () => {
  test('is a retry, with each step that spoke', () => {
    expect(decided()).toEqual({
      kind: 'retry',
      notBefore: now + 5_000,
      uncounted: false,
      why: [
        'policy: of the default',
        'terminal class: no (smtp.451 is transient: the mail server asks to try later)',
        'job cancelled: no',
        'safety: keyed tasks may run again',
        'attempts left: 2 of 4',
        'scheduled in 5 s, drawn from up to 10 s',
      ],
    });
  });

  test.each<[string, string, Change]>([
    ['of a permanent class', 'terminal_class', { failure: { error_type: 'smtp.550' } }],
    ['that the handler calls hopeless', 'terminal_class', { failure: { non_retryable: true }, policy: { namesType: true } }],
    ['of a cancelled job', 'parent_cancelled', { jobCancelled: true }],
    ['of an unsafe task', 'safety', { failure: { safety: 'unsafe' } }],
    ['of the last run', 'attempts', { failures: 4 }],
    ['when one run is all there is', 'attempts', { failures: 1, policy: { max_attempts: 1 } }],
    ['at the bound of runs', 'attempts', { failure: { attempt: limits.attempts }, failures: 1 }],
    ['of a type that the job does not retry', 'retry_on_errors', { policy: { retry_on_errors: ['net.*', 'smtp.450'] } }],
    ['after whose retry the job has to be over', 'deadline', { failure: { deadline_at: new Date(now + 5_000).toISOString() } }],
    ['that a rule gives up', 'rule', { policy: { rules: [ruleOf('fail_task')] } }],
    ['that a rule has its job fail with', 'rule', { policy: { rules: [ruleOf('fail_job')] } }],
    [
      'that the conditions do not hold for',
      'conditions',
      { policy: { retry_conditions: [{ field: 'error_message', operator: 'contains', value: 'full' }] } },
    ],
  ])('%s discards it at the step %s', (_name, step, change) => {
    expect(decided(change)).toMatchObject({ kind: 'discard', step });
  });

  test('a permanent class yields to a policy that names the error type', () => {
    expect(decided({ failure: { error_type: 'smtp.550' }, policy: { namesType: true, source: 'smtp.550' } }).kind).toBe('retry');
  });

  test('the steps speak in order, and the first that is against it decides', () => {
    const everything = { jobCancelled: true, failures: 9, failure: { error_type: 'smtp.550', safety: 'unsafe' as const } };
    expect(decided(everything)).toMatchObject({ kind: 'discard', step: 'terminal_class' });
    expect(decided(everything).why).toHaveLength(2);
  });

  test('what the job names and what the conditions hold for is retried, and said so', () => {
    const change: Change = {
      policy: { retry_on_errors: ['smtp.*'], retry_conditions: [{ field: 'attempt', operator: 'lt', value: 3 }] },
    };
    expect(decided(change).why).toEqual(
      expect.arrayContaining(['retry_on_errors: names smtp.451', 'retry conditions: all 1 hold']),
    );
  });

  test('the wait that the failure asks for goes before the computed one', () => {
    expect(decided({ failure: { retry_after_ms: 60_000 } })).toMatchObject({
      kind: 'retry',
      notBefore: now + 60_000,
      why: expect.arrayContaining(['scheduled in 60 s, as the failure asks']),
    });
  });

  test('the wait that the failure asks for is no longer than the policy allows', () => {
    const change: Change = { failure: { retry_after_ms: 60_000 }, policy: { max_retry_after: 30 } };
    expect(decided(change)).toMatchObject({
      notBefore: now + 30_000,
      why: expect.arrayContaining(['scheduled in 30 s, the longest that a failure may ask for']),
    });
  });

  test('a retry that begins before the deadline of the job is made', () => {
    const deadline_at = new Date(now + 5_001).toISOString();
    expect(decided({ failure: { deadline_at } })).toMatchObject({
      kind: 'retry',
      why: expect.arrayContaining([`deadline: the job may run until ${deadline_at}`]),
    });
  });

  test('the first rule that applies decides, and is named', () => {
    const rules = [ruleOf('fail_task', 1), ruleOf('fail_job'), ruleOf('quarantine')];
    expect(decided({ policy: { rules } })).toEqual({
      kind: 'discard',
      step: 'rule',
      failsJob: true,
      why: ['policy: of the default', 'rule 2: fail_job (so)'],
    });
    expect(decided({ policy: { rules: [ruleOf('quarantine')] } })).toMatchObject({ kind: 'quarantine' });
    expect(decided({ policy: { rules: [ruleOf('quarantine', 1)] } }).why).toContain('rules: none of 1 applies');
  });

  test('a rule retries what is of a permanent class, but not against the word of the handler, nor an unsafe task', () => {
    const policyOfRule = { rules: [ruleOf('retry')] };
    expect(decided({ failure: { error_type: 'smtp.550' }, policy: policyOfRule }).kind).toBe('retry');
    const hopeless = { error_type: 'smtp.550', non_retryable: true };
    expect(decided({ failure: hopeless, policy: policyOfRule })).toMatchObject({ step: 'terminal_class' });
    expect(decided({ failure: { safety: 'unsafe' }, policy: policyOfRule })).toMatchObject({ step: 'safety' });
  });

  test('a run that a rule leaves out of the count uses up no attempt, now or later, up to the bound of runs', () => {
    const uncounted: Change = { failures: 4, policy: { rules: [ruleOf('retry_uncounted')] } };
    expect(decided(uncounted)).toMatchObject({ kind: 'retry', uncounted: true });
    expect(decided({ failures: 5, uncounted: 2 }).why).toContain('attempts left: 1 of 4');
    const atTheBound = { ...uncounted, failure: { attempt: limits.attempts } };
    expect(decided({ ...atTheBound, policy: { rules: [ruleOf('retry_uncounted', limits.attempts)] } })).toMatchObject({
      step: 'attempts',
    });
  });

  test('no rule acts on a task of a cancelled job', () => {
    for (const action of ['fail_job', 'quarantine'] as const) {
      expect(decided({ jobCancelled: true, policy: { rules: [ruleOf(action)] } })).toMatchObject({ step: 'parent_cancelled' });
    }
  });

  test.each(['outcome_unknown', 'quarantined'] as const)('a task left %s waits for a person, whatever else speaks', (state) => {
    const lost = { ...failure, state };
    const input = { policy, failures: 2, uncounted: 0, jobCancelled: true, now, random: 0 };
    expect(decide({ ...input, failure: lost })).toMatchObject({ kind: 'wait_for_person', state });
  });
});

const anyChange = fc.record({
  error_type: fc.constantFrom('smtp.451', 'smtp.550', 'net.reset', 'http.429', 'worker.lost', 'whatever'),
  safety: fc.constantFrom('idempotent' as const, 'keyed' as const, 'unsafe' as const),
  non_retryable: fc.boolean(),
  failures: fc.integer({ min: 1, max: 120 }),
  max_attempts: fc.integer({ min: 1, max: limits.attempts }),
  namesType: fc.boolean(),
  jobCancelled: fc.boolean(),
  retry_after_ms: fc.option(fc.integer({ min: 0, max: 1e12 })),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test('no decision retries what must not run again, and every retry lies within its bounds', () => {
  fc.assert(
    fc.property(
      anyChange,
      ({ error_type, safety, non_retryable, failures, max_attempts, namesType, jobCancelled, retry_after_ms, random }) => {
        const decision = decided({
          failure: { error_type, safety, non_retryable, retry_after_ms, attempt: failures, failures },
          policy: { max_attempts, namesType },
          failures,
          jobCancelled,
          random,
        });
        expect(decision.why.length).toBeGreaterThan(0);
        if (decision.kind !== 'retry') return;
        expect(safety).not.toBe('unsafe');
        expect({ non_retryable, jobCancelled }).toEqual({ non_retryable: false, jobCancelled: false });
        expect(failures).toBeLessThan(max_attempts);
        const delayMs = decision.notBefore - now;
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(retry_after_ms ?? 0, limits.retryDelaySeconds * 1000));
        expect(delayMs).toBeLessThanOrEqual(limits.retryDelaySeconds * 1000);
      },
    ),
  );
});
