import { limits, type FailedTask, type RetryCondition, type RetryTrial } from '@kintsugi/contracts';
import { conditionResult } from './retry-conditions.js';
import { decide, delayRequestOf, ruleFor, type Decision, type DecisionInput } from './retry-decision.js';
import { delayBounds } from './retry-delay.js';

/** Runs that a trial looks ahead. */
const scheduleMax = 20;

export type TrialInput = Omit<DecisionInput, 'failure' | 'random'> & { failure: FailedTask };

/** What a policy would do with a failure, and why. The middle of each draw stands for all of it. */
export function tryPolicy(input: TrialInput): RetryTrial {
  const { failure, policy } = input;
  const decision = decide({ ...input, random: 0.5 });
  const rule = ruleFor(policy, failure);
  const retried = decision.kind === 'retry';
  return {
    error_type: failure.error_type,
    decision: outcomeOf(decision),
    source: policy.source,
    steps: decision.why,
    conditions: [
      ...policy.rules.flatMap(({ when }, index) => triedConditions(`rules[${index}]`, when, failure)),
      ...triedConditions('retry_conditions', policy.retry_conditions, failure),
    ],
    rule: rule && { index: rule.index, action: rule.action },
    delay: retried ? boundsOf(input) : null,
    schedule: retried ? scheduleOf(input) : [],
  };
}

function outcomeOf(decision: Decision): RetryTrial['decision'] {
  if (decision.kind === 'discard') return decision.failsJob ? 'fail_job' : 'fail_task';
  return decision.kind;
}

function triedConditions(of: string, conditions: readonly RetryCondition[], failure: FailedTask): RetryTrial['conditions'] {
  return conditions.map((condition) => {
    const { holds, comparable, actual = null } = conditionResult(condition, failure);
    return { of, field: condition.field, operator: condition.operator, value: condition.value, actual, holds, comparable };
  });
}

function boundsOf(input: TrialInput): { from_s: number; to_s: number } {
  const [from_s, to_s] = delayBounds(delayRequestOf(input));
  return { from_s: rounded(from_s), to_s: rounded(to_s) };
}

/** The runs that follow, as if each failed like this one; the job's deadline is looked at for the first only. */
function scheduleOf(input: TrialInput): RetryTrial['schedule'] {
  const schedule: RetryTrial['schedule'] = [];
  for (let ahead = 0; ahead < scheduleMax; ahead += 1) {
    const attempt = input.failure.attempt + ahead;
    const failure = { ...input.failure, attempt };
    const uncountedSoFar = ruleFor(input.policy, failure)?.action === 'retry_uncounted' ? ahead : 0;
    const next = { ...input, failure, failures: input.failures + ahead, uncounted: input.uncounted + uncountedSoFar };
    if (attempt >= limits.attempts || decide({ ...next, random: 0.5 }).kind !== 'retry') break;
    schedule.push({ attempt: attempt + 1, ...boundsOf(next) });
  }
  return schedule;
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(3));
}
