import type { RetryCondition } from '@kintsugi/contracts';

/** The fields of a failure that a condition may ask about. */
export type ConditionFields = Partial<Record<RetryCondition['field'], string | number>>;

type Test = (actual: string | number | undefined, value: RetryCondition['value']) => boolean;

const ordered =
  (holds: (comparison: number) => boolean): Test =>
  (actual, value) => {
    if (typeof actual === 'number' && typeof value === 'number') return holds(actual - value);
    if (typeof actual === 'string' && typeof value === 'string') return holds(actual < value ? -1 : actual > value ? 1 : 0);
    return false;
  };

const sameKind = (actual: string | number | undefined, value: RetryCondition['value']): boolean => typeof actual === typeof value;

const tests: Record<RetryCondition['operator'], Test> = {
  eq: (actual, value) => sameKind(actual, value) && actual === value,
  ne: (actual, value) => sameKind(actual, value) && actual !== value,
  in: (actual, value) => actual !== undefined && Array.isArray(value) && value.includes(actual),
  not_in: (actual, value) => actual !== undefined && Array.isArray(value) && !value.includes(actual),
  gt: ordered((comparison) => comparison > 0),
  gte: ordered((comparison) => comparison >= 0),
  lt: ordered((comparison) => comparison < 0),
  lte: ordered((comparison) => comparison <= 0),
  contains: (actual, value) => typeof actual === 'string' && typeof value === 'string' && actual.includes(value),
  starts_with: (actual, value) => typeof actual === 'string' && typeof value === 'string' && actual.startsWith(value),
  exists: (actual, value) => typeof value === 'boolean' && (actual !== undefined) === value,
};

/**
 * The first condition that does not hold, or null when all do. What cannot be compared (a field that is absent, a value
 * of another kind) does not hold, whatever the operator.
 */
export function failedCondition(conditions: readonly RetryCondition[], fields: ConditionFields): RetryCondition | null {
  return conditions.find(({ field, operator, value }) => !tests[operator](fields[field], value)) ?? null;
}
