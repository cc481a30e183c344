import { compareCondition, type RetryCondition } from '@kintsugi/contracts';
import { fieldOf, type ConditionFacts } from './condition-fields.js';
import { isFoundIn } from './linear-pattern.js';

type Actual = ReturnType<typeof fieldOf>;

export interface ConditionResult {
  holds: boolean;
  /** False where the field is absent or the two are of different kinds: then it does not hold, whatever the operator. */
  comparable: boolean;
  actual: Actual;
}

export function conditionResult({ field, operator, value }: RetryCondition, facts: ConditionFacts): ConditionResult {
  const actual = fieldOf(facts, field);
  const result = operator === 'matches' ? matches(actual, value) : compareCondition(operator, actual, value);
  return { holds: result === true, comparable: result !== null, actual };
}

/** The first condition that does not hold, or null when all do. */
export function failedCondition(conditions: readonly RetryCondition[], facts: ConditionFacts): RetryCondition | null {
  return conditions.find((condition) => !conditionResult(condition, facts).holds) ?? null;
}

function matches(actual: Actual, value: unknown): boolean | null {
  return typeof actual === 'string' && typeof value === 'string' ? isFoundIn(value, actual) : null;
}
