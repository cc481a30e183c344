import type { RerunCondition, RetryCondition, RetryRule } from '@kintsugi/contracts';
import { Failure } from '../failure.js';
import { harmless } from '../terminal/text-width.js';

/** As in the contracts, which are not loaded to read a command line; a test holds both equal. */
export const operatorWords = [
  ...['eq', 'ne', 'in', 'not_in', 'gt', 'gte', 'lt', 'lte'],
  ...['contains', 'starts_with', 'ends_with', 'matches', 'exists'],
];

export const actionWords = ['retry', 'retry_uncounted', 'fail_task', 'fail_job', 'quarantine'];

/** What takes all conditions or rules away. */
export const noneWord = 'none';

const conditionForm = /^(\S+)\s+(\S+)(?:\s+(.*))?$/s;

/** A condition as people write it: `error_message contains deadlock`. */
export function conditionOf(text: string): RetryCondition {
  return conditionIn(text, operatorWords, 'policy') as RetryCondition;
}

/** A condition of a rerun: `attempts gte 3`. */
export function rerunConditionOf(text: string): RerunCondition {
  const operators = operatorWords.filter((operator) => operator !== 'matches');
  return conditionIn(text, operators, 'rerun') as RerunCondition;
}

function conditionIn(
  text: string,
  operators: readonly string[],
  command: string,
): { field: string; operator: string; value: unknown } {
  const [, field, operator, value = 'true'] = conditionForm.exec(text.trim()) ?? [];
  if (field === undefined || operator === undefined || !operators.includes(operator)) {
    throw misread(text, 'a condition', `FIELD OPERATOR VALUE, with an operator of ${operators.join(', ')}`, command);
  }
  return { field, operator, value: valueOf(value.trim()) };
}

/** A rule as people write it: `fail_job if error_message contains "no such table" and attempt gt 1`. */
export function ruleOf(text: string): RetryRule {
  const [, action, conditions] = /^(\S+)\s+if\s+(.+)$/s.exec(text.trim()) ?? [];
  if (action === undefined || conditions === undefined || !actionWords.includes(action)) {
    throw misread(text, 'a rule', `ACTION if CONDITION, with an action of ${actionWords.join(', ')}`);
  }
  return { action: action as RetryRule['action'], when: conditionTexts(conditions).map(conditionOf) };
}

export function conditionText({ field, operator, value }: RetryCondition): string {
  return `${field} ${operator} ${JSON.stringify(value)}`;
}

/** Parts between `and`s that stand outside of quotes. */
function conditionTexts(text: string): string[] {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+|\s+/g) ?? [];
  const parts = [''];
  for (const word of words) {
    if (word === 'and') parts.push('');
    else parts.push(`${parts.pop() ?? ''}${word}`);
  }
  return parts;
}

function valueOf(text: string): RetryCondition['value'] {
  try {
    return JSON.parse(text) as RetryCondition['value'];
  } catch {
    return text;
  }
}

function misread(text: string, what: string, form: string, command = 'policy'): Failure {
  return new Failure('USAGE', `${harmless(text)} is not ${what}: ${form}.`, { advice: `See ./kintsugi ${command} --help` });
}
