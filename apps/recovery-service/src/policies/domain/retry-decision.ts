import { limits, matchesErrorType } from '@kintsugi/contracts';
import { classify } from './failure-rules.js';
import { unclearEndOf, type Failure } from '../../records/domain/failure.js';
import { failedCondition } from './retry-conditions.js';
import { rawDelaySeconds, retryDelayMs, type Jitter } from './retry-delay.js';
import type { RetryPolicy } from './retry-policy.js';

export interface DecisionInput {
  failure: Failure;
  policy: RetryPolicy;
  /** Failed runs that count: those before a person's recovery are forgiven. */
  failures: number;
  jobCancelled: boolean;
  now: number;
  /** From 0 to below 1. */
  random: number;
  jitter: Jitter;
}

/** What follows from a failure, with a short sentence for each step that spoke. */
export type Decision =
  | { kind: 'retry'; notBefore: number; why: string[] }
  | { kind: 'discard'; step: DecisionStep; why: string[] }
  | { kind: 'wait_for_person'; state: 'outcome_unknown' | 'quarantined'; why: string[] };

interface StepResult {
  why: string;
  /** The step ends the matter: the task is given up. */
  discards?: boolean;
}

/** What may speak against a retry, in the order in which it is asked. The first that does decides. */
const steps = {
  terminal_class: ({ failure, policy }) => {
    const { class: found, because } = classify(failure.error_type, failure.non_retryable);
    const kind = `${failure.error_type} is ${found}: ${because}`;
    if (found !== 'permanent') return { why: `terminal class: no (${kind})` };
    if (policy.namesType && !failure.non_retryable) return { why: `terminal class: no (${kind}, but ${policy.source} names it)` };
    return { why: `terminal class: yes (${kind})`, discards: true };
  },
  parent_cancelled: ({ jobCancelled }) =>
    jobCancelled ? { why: 'job cancelled: yes', discards: true } : { why: 'job cancelled: no' },
  safety: ({ failure }) =>
    failure.safety === 'unsafe'
      ? { why: 'safety: an unsafe task never runs again by itself', discards: true }
      : { why: `safety: ${failure.safety} tasks may run again` },
  attempts: ({ failure, failures, policy }) => {
    const runs = Math.min(policy.max_attempts, limits.attempts);
    const left = failure.attempt >= limits.attempts ? 0 : Math.max(0, runs - failures);
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
} as const satisfies Record<string, (input: DecisionInput) => StepResult | null>;

export type DecisionStep = keyof typeof steps;

/** Decides what follows from a failure. The same input gives the same decision. */
export function decide(input: DecisionInput): Decision {
  const state = unclearEndOf(input.failure);
  if (state) return { kind: 'wait_for_person', state, why: [whyPerson[state]] };
  const why = [`policy: of ${input.policy.source}`];
  for (const [step, ask] of Object.entries(steps) as [DecisionStep, (input: DecisionInput) => StepResult | null][]) {
    const result = ask(input);
    if (!result) continue;
    why.push(result.why);
    if (result.discards) return { kind: 'discard', step, why };
  }
  const delayMs = delayOf(input);
  return { kind: 'retry', notBefore: input.now + delayMs, why: [...why, delayReason(input, delayMs)] };
}

const whyPerson = {
  outcome_unknown: 'the worker of an unsafe task was lost: it may have taken effect, so a person decides',
  quarantined: 'the task keeps losing its workers and may be what kills them, so a person decides',
};

function delayOf({ failure, policy, failures, random, jitter }: DecisionInput): number {
  return retryDelayMs({
    backoff: policy,
    retryNumber: Math.max(1, failures),
    jitter,
    random,
    retryAfterMs: failure.retry_after_ms,
    delaySecondsMax: limits.retryDelaySeconds,
  });
}

function delayReason({ failure, policy, failures, jitter }: DecisionInput, delayMs: number): string {
  const scheduled = `scheduled in ${inSeconds(delayMs / 1000)}`;
  if (failure.retry_after_ms !== null) return `${scheduled}, as the failure asks`;
  const raw = inSeconds(rawDelaySeconds(policy, Math.max(1, failures)));
  return jitter === 'full' ? `${scheduled}, drawn from up to ${raw}` : scheduled;
}

function inSeconds(seconds: number): string {
  return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
}
