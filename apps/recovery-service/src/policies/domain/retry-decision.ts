import { limits, matchesErrorType, type RuleAction } from '@kintsugi/contracts';
import { unclearEndOf, type Failure } from '../../records/domain/failure.js';
import { classify } from './failure-rules.js';
import { failedCondition } from './retry-conditions.js';
import { delayBounds, retryDelayMs, type DelayRequest } from './retry-delay.js';
import type { RetryPolicy } from './retry-policy.js';

export interface DecisionInput {
  failure: Failure;
  policy: RetryPolicy;
  /** Failed runs since the first or since a person's recovery, which forgives those before it; this one included. */
  failures: number;
  /** Those of them that rules have left out of the count. */
  uncounted: number;
  jobCancelled: boolean;
  now: number;
  /** From 0 to below 1. */
  random: number;
}

/** What follows from a failure, with a short sentence for each step that spoke. */
export type Decision =
  | { kind: 'retry'; notBefore: number; uncounted: boolean; why: string[] }
  | { kind: 'discard'; step: DecisionStep; failsJob: boolean; why: string[] }
  | { kind: 'quarantine'; why: string[] }
  | { kind: 'wait_for_person'; state: 'outcome_unknown' | 'quarantined'; why: string[] };

/** The rule of the policy that applies. */
export interface AppliedRule {
  index: number;
  action: RuleAction;
  reason: string | undefined;
}

interface StepResult {
  why: string;
  /** The step ends the matter: the task is given up. */
  discards?: boolean;
}

interface StepInput extends DecisionInput {
  rule: AppliedRule | null;
  notBefore: number;
}

/** What may speak against a retry, in the order in which it is asked. The first that does decides. */
const steps = {
  terminal_class: ({ failure, policy, rule }) => {
    const { class: found, because } = classify(failure.error_type, failure.non_retryable);
    const kind = `${failure.error_type} is ${found}: ${because}`;
    if (found !== 'permanent') return { why: `terminal class: no (${kind})` };
    const retrying = rule?.action.startsWith('retry') ? `rule ${rule.index + 1} retries it` : null;
    if (retrying && !failure.non_retryable) return { why: `terminal class: no (${kind}, but ${retrying})` };
    if (policy.namesType && !failure.non_retryable) return { why: `terminal class: no (${kind}, but ${policy.source} names it)` };
    return { why: `terminal class: yes (${kind})`, discards: true };
  },
  parent_cancelled: ({ jobCancelled }) =>
    jobCancelled ? { why: 'job cancelled: yes', discards: true } : { why: 'job cancelled: no' },
  safety: ({ failure }) =>
    failure.safety === 'unsafe'
      ? { why: 'safety: an unsafe task never runs again by itself', discards: true }
      : { why: `safety: ${failure.safety} tasks may run again` },
  attempts: ({ failure, failures, uncounted, policy, rule }) => {
    const runs = Math.min(policy.max_attempts, limits.attempts);
    const counted = failures - uncounted - (rule?.action === 'retry_uncounted' ? 1 : 0);
    const left = failure.attempt >= limits.attempts ? 0 : Math.max(0, runs - counted);
    return left > 0 ? { why: `attempts left: ${left} of ${runs}` } : { why: `attempts left: none of ${runs}`, discards: true };
  },
  retry_on_errors: ({ failure, policy }) => {
    if (policy.retry_on_errors.length === 0) return null;
    const named = policy.retry_on_errors.some((pattern) => matchesErrorType(pattern, failure.error_type));
    return named
      ? { why: `retry_on_errors: names ${failure.error_type}` }
      : { why: `retry_on_errors: does not name ${failure.error_type}`, discards: true };
  },
  conditions: ({ failure, policy }) => {
    if (policy.retry_conditions.length === 0) return null;
    const failed = failedCondition(policy.retry_conditions, failure);
    if (!failed) return { why: `retry conditions: all ${policy.retry_conditions.length} hold` };
    return { why: `retry conditions: ${failed.field} ${failed.operator} does not hold`, discards: true };
  },
  deadline: ({ failure, notBefore }) => {
    const { deadline_at: deadline } = failure;
    if (deadline === undefined) return null;
    return notBefore < Date.parse(deadline)
      ? { why: `deadline: the job may run until ${deadline}` }
      : { why: `deadline: the retry would begin after ${deadline}, when the job has to be over`, discards: true };
  },
} as const satisfies Record<string, (input: StepInput) => StepResult | null>;

/** The step that gave a task up: one of those above, or a rule of the policy. */
export type DecisionStep = keyof typeof steps | 'rule';

/** The first rule of a policy whose conditions hold. */
export function ruleFor({ rules }: Pick<RetryPolicy, 'rules'>, failure: Failure): AppliedRule | null {
  const index = rules.findIndex(({ when }) => failedCondition(when, failure) === null);
  const rule = rules[index];
  return rule ? { index, action: rule.action, reason: rule.reason } : null;
}

/** Decides what follows from a failure. The same input gives the same decision. */
export function decide(input: DecisionInput): Decision {
  const { failure, policy, jobCancelled } = input;
  const state = unclearEndOf(failure);
  if (state) return { kind: 'wait_for_person', state, why: [whyPerson[state]] };
  const why = [`policy: of ${policy.source}`];
  const rule = ruleFor(policy, failure);
  if (rule) why.push(`rule ${rule.index + 1}: ${rule.action}${rule.reason === undefined ? '' : ` (${rule.reason})`}`);
  else if (policy.rules.length > 0) why.push(`rules: none of ${policy.rules.length} applies`);
  if (rule && !jobCancelled && rule.action === 'quarantine') return { kind: 'quarantine', why };
  if (rule && !jobCancelled && (rule.action === 'fail_task' || rule.action === 'fail_job')) {
    return { kind: 'discard', step: 'rule', failsJob: rule.action === 'fail_job', why };
  }
  const delayMs = retryDelayMs(delayRequestOf(input), input.random);
  const notBefore = input.now + delayMs;
  for (const [step, ask] of Object.entries(steps) as [keyof typeof steps, (input: StepInput) => StepResult | null][]) {
    const result = ask({ ...input, rule, notBefore });
    if (!result) continue;
    why.push(result.why);
    if (result.discards) return { kind: 'discard', step, failsJob: false, why };
  }
  why.push(delayReason(input, delayMs));
  return { kind: 'retry', notBefore, uncounted: rule?.action === 'retry_uncounted', why };
}

const whyPerson = {
  outcome_unknown: 'the worker of an unsafe task was lost: it may have taken effect, so a person decides',
  quarantined: 'the task keeps losing its workers and may be what kills them, so a person decides',
};

/** Waits grow with every failure, counted or not. */
export function delayRequestOf({
  failure,
  policy,
  failures,
}: Pick<DecisionInput, 'failure' | 'policy' | 'failures'>): DelayRequest {
  return {
    backoff: policy,
    retryNumber: Math.max(1, failures),
    jitter: policy.jitter,
    retryAfterMs: failure.retry_after_ms,
    retryAfterMax: policy.max_retry_after,
  };
}

function delayReason(input: DecisionInput, delayMs: number): string {
  const { failure, policy } = input;
  const scheduled = `scheduled in ${inSeconds(delayMs / 1000)}`;
  if (failure.retry_after_ms !== null) {
    return failure.retry_after_ms / 1000 > policy.max_retry_after
      ? `${scheduled}, the longest that a failure may ask for`
      : `${scheduled}, as the failure asks`;
  }
  const [from, to] = delayBounds(delayRequestOf(input));
  if (policy.jitter === 'full') return `${scheduled}, drawn from up to ${inSeconds(to)}`;
  return policy.jitter === 'equal' ? `${scheduled}, drawn from ${inSeconds(from)} to ${inSeconds(to)}` : scheduled;
}

function inSeconds(seconds: number): string {
  return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
}
