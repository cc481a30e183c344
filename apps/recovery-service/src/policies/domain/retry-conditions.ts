import type { RetryCondition } from '@kintsugi/contracts';
import { fieldOf, type ConditionFacts } from './condition-fields.js';
import { isFoundIn } from './linear-pattern.js';

type Actual = ReturnType<typeof fieldOf>;

/** null: the two cannot be compared. */
type Test = (actual: Actual, value: unknown) => boolean | null;

const ordered =
  (holds: (comparison: number) => boolean): Test =>
  (actual, value) => {
    if (typeof actual === 'number' && typeof value === 'number') return holds(actual - value);
    if (typeof actual === 'string' && typeof value === 'string') return holds(actual < value ? -1 : actual > value ? 1 : 0);
    return null;
  };

const sameKind =
  (holds: (actual: Actual, value: unknown) => boolean): Test =>
  (actual, value) =>
    actual !== undefined && typeof actual === typeof value ? holds(actual, value) : null;

const texts =
  (holds: (actual: string, value: string) => boolean): Test =>
  (actual, value) =>
    typeof actual === 'string' && typeof value === 'string' ? holds(actual, value) : null;

const oneOf =
  (wanted: boolean): Test =>
  (actual, value) =>
    actual !== undefined && Array.isArray(value) ? value.includes(actual) === wanted : null;

const tests: Record<RetryCondition['operator'], Test> = {
  eq: sameKind((actual, value) => actual === value),
  ne: sameKind((actual, value) => actual !== value),
  in: oneOf(true),
  not_in: oneOf(false),
  gt: ordered((comparison) => comparison > 0),
  gte: ordered((comparison) => comparison >= 0),
  lt: ordered((comparison) => comparison < 0),
  lte: ordered((comparison) => comparison <= 0),
  contains: texts((actual, value) => actual.includes(value)),
  starts_with: texts((actual, value) => actual.startsWith(value)),
  ends_with: texts((actual, value) => actual.endsWith(value)),
  matches: texts((actual, value) => isFoundIn(value, actual)),
  exists: (actual, value) => (typeof value === 'boolean' ? (actual !== undefined) === value : null),
};

export interface ConditionResult {
  holds: boolean;
  /** False where the field is absent or the two are of different kinds: then it does not hold, whatever the operator. */
  comparable: boolean;
  actual: Actual;
}

export function conditionResult({ field, operator, value }: RetryCondition, facts: ConditionFacts): ConditionResult {
  const actual = fieldOf(facts, field);
  const result = tests[operator](actual, value);
  return { holds: result === true, comparable: result !== null, actual };
}

/** The first condition that does not hold, or null when all do. */
export function failedCondition(conditions: readonly RetryCondition[], facts: ConditionFacts): RetryCondition | null {
  return conditions.find((condition) => !conditionResult(condition, facts).holds) ?? null;
}
