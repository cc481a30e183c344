import type { z } from 'zod';
import type { RetryCondition } from './retry-config.js';

/** What a condition finds in a field; undefined where there is none. */
export type ConditionActual = string | number | boolean | undefined;

/** null: the two cannot be compared. */
type Test = (actual: ConditionActual, value: unknown) => boolean | null;

const ordered =
  (holds: (comparison: number) => boolean): Test =>
  (actual, value) => {
    if (typeof actual === 'number' && typeof value === 'number') return holds(actual - value);
    if (typeof actual === 'string' && typeof value === 'string') return holds(actual < value ? -1 : actual > value ? 1 : 0);
    return null;
  };

const sameKind =
  (holds: (actual: ConditionActual, value: unknown) => boolean): Test =>
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

/** `matches` is not among them: what runs a pattern of others in linear time is not for every process. */
const tests: Record<Exclude<RetryCondition['operator'], 'matches'>, Test> = {
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
  exists: (actual, value) => (typeof value === 'boolean' ? (actual !== undefined) === value : null),
};

const kinds: Partial<Record<RetryCondition['operator'], { isOf: (value: unknown) => boolean; allowed: string }>> = {
  ...ofEach(['in', 'not_in'], Array.isArray, 'a list'),
  ...ofEach(['gt', 'gte', 'lt', 'lte'], (value) => typeof value === 'number' || typeof value === 'string', 'a number or a text'),
  ...ofEach(['contains', 'starts_with', 'ends_with'], (value) => typeof value === 'string', 'a text'),
  ...ofEach(['exists'], (value) => typeof value === 'boolean', 'true or false'),
};

function ofEach(operators: readonly RetryCondition['operator'][], isOf: (value: unknown) => boolean, kind: string) {
  return Object.fromEntries(
    operators.map((operator) => [operator, { isOf, allowed: `${kind}, which is what ${operator} compares with` }]),
  );
}

/** Refuses a condition whose operator compares with values of another kind: it would hold for nothing. */
export function refuseUnfitValue(
  { operator, value }: Pick<RetryCondition, 'operator' | 'value'>,
  context: z.RefinementCtx,
): void {
  const kind = kinds[operator];
  if (kind && !kind.isOf(value)) context.addIssue({ code: 'custom', path: ['value'], message: kind.allowed });
}

export type ComparingOperator = keyof typeof tests;

export const comparingOperators = Object.keys(tests) as [ComparingOperator, ...ComparingOperator[]];

/** Whether a field is as a condition says; null where the two cannot be compared: it is absent, or they are of different kinds. */
export function compareCondition(operator: ComparingOperator, actual: ConditionActual, value: unknown): boolean | null {
  return tests[operator](actual, value);
}
