import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { conditionOperators, type RetryCondition } from '@kintsugi/contracts';
import { failedCondition } from './retry-conditions.js';

const fields = {
  ...{ error_type: 'smtp.451', error_message: 'mailbox is busy', attempt: 2, job_type: 'smtp.send' },
  ...{ non_retryable: false, labels: { team: 'mail', toString: 'own' } },
};

function holds(field: RetryCondition['field'], operator: RetryCondition['operator'], value: RetryCondition['value']): boolean {
  return failedCondition([{ field, operator, value }], fields) === null;
}

describe('a retry condition', () => {
  test.each<[RetryCondition['field'], RetryCondition['operator'], RetryCondition['value'], boolean]>([
    ['attempt', 'eq', 2, true],
    ['attempt', 'eq', 3, false],
    ['attempt', 'eq', '2', false],
    ['attempt', 'ne', 3, true],
    ['attempt', 'ne', 2, false],
    ['attempt', 'ne', '3', false],
    ['error_type', 'in', ['smtp.450', 'smtp.451'], true],
    ['error_type', 'in', ['smtp.450'], false],
    ['error_type', 'in', 'smtp.451', false],
    ['error_type', 'not_in', ['smtp.450'], true],
    ['error_type', 'not_in', ['smtp.451'], false],
    ['error_type', 'not_in', 'smtp.450', false],
    ['attempt', 'gt', 1, true],
    ['attempt', 'gt', 2, false],
    ['attempt', 'gte', 2, true],
    ['attempt', 'lt', 3, true],
    ['attempt', 'lt', 2, false],
    ['attempt', 'lte', 2, true],
    ['attempt', 'lte', '2', false],
    ['error_type', 'gt', 'smtp.450', true],
    ['error_message', 'contains', 'busy', true],
    ['error_message', 'contains', 'full', false],
    ['attempt', 'contains', '2', false],
    ['error_message', 'starts_with', 'mailbox', true],
    ['error_message', 'starts_with', 'busy', false],
    ['error_message', 'ends_with', 'busy', true],
    ['error_message', 'ends_with', 'mailbox', false],
    ['error_message', 'matches', '^mail(box|bag) is \\w+$', true],
    ['error_message', 'matches', 'full|quota', false],
    ['attempt', 'matches', '2', false],
    ['non_retryable', 'eq', false, true],
    ['labels.team', 'eq', 'mail', true],
    ['labels.team', 'in', ['post'], false],
    ['labels.constructor', 'exists', false, true],
    ['labels.none', 'exists', false, true],
    ['error_message', 'exists', true, true],
    ['error_message', 'exists', false, false],
    ['job_id', 'exists', false, true],
    ['job_id', 'exists', true, false],
    ['job_id', 'exists', 'true', false],
  ])('%s %s %j: %s', (field, operator, value, expected) => {
    expect(holds(field, operator, value)).toBe(expected);
  });

  test('about a field that is absent holds for no operator but exists', () => {
    const operators = fc.constantFrom(...conditionOperators.filter((operator) => operator !== 'exists'));
    fc.assert(
      fc.property(operators, fc.jsonValue(), (operator, value) => {
        expect(holds('job_id', operator, value as RetryCondition['value'])).toBe(false);
      }),
    );
  });

  test('never holds together with its opposite, and never throws', () => {
    const opposites = fc.constantFrom<[RetryCondition['operator'], RetryCondition['operator']]>(
      ['eq', 'ne'],
      ['in', 'not_in'],
      ['gt', 'lte'],
      ['lt', 'gte'],
    );
    fc.assert(
      fc.property(opposites, fc.jsonValue(), ([operator, opposite], json) => {
        const value = json as RetryCondition['value'];
        expect(holds('attempt', operator, value) && holds('attempt', opposite, value)).toBe(false);
      }),
    );
  });
});

test('all conditions must hold, and the first that does not is named', () => {
  const good: RetryCondition = { field: 'attempt', operator: 'lt', value: 5 };
  const bad: RetryCondition = { field: 'error_message', operator: 'contains', value: 'full' };
  expect(failedCondition([], fields)).toBeNull();
  expect(failedCondition([good, good], fields)).toBeNull();
  expect(failedCondition([good, bad, good], fields)).toBe(bad);
});

test('a pattern takes time in proportion to the text, whatever it is', () => {
  const evil: RetryCondition = { field: 'error_message', operator: 'matches', value: '^(a+)+$' };
  expect(failedCondition([evil], { error_message: `${'a'.repeat(2_000)}!` })).toBe(evil);
});
