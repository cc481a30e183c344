import type { Failure } from '../../records/domain/failure.js';

type Value = string | number | boolean;

/** What of a failure conditions can ask about. */
export type ConditionFacts = Partial<
  Pick<
    Failure,
    | 'error_type'
    | 'error_message'
    | 'stack_trace'
    | 'non_retryable'
    | 'retry_after_ms'
    | 'attempt'
    | 'failures'
    | 'task_id'
    | 'safety'
    | 'job_id'
    | 'job_type'
    | 'tenant'
    | 'labels'
  >
>;

const labelPrefix = 'labels.';

/** The value of a field that a condition names; undefined where the failure has none. */
export function fieldOf(facts: ConditionFacts, field: string): Value | undefined {
  if (field.startsWith(labelPrefix)) {
    const key = field.slice(labelPrefix.length);
    return facts.labels && Object.hasOwn(facts.labels, key) ? facts.labels[key] : undefined;
  }
  const value: unknown = Object.hasOwn(facts, field) ? facts[field as keyof ConditionFacts] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
