import type { z } from 'zod';
import { closestWord } from './closest-word.js';
import type { ProblemDetail } from './problem.js';

export type Issue = z.core.$ZodIssue;

/** What a fault says beside where it is and what was got. */
export type BrokenRule = Required<Pick<ProblemDetail, 'rule' | 'allowed'>> & Pick<ProblemDetail, 'hint'>;

/** The rule that an issue of a schema breaks, in words of ours: a schema's own are for programmers. */
export function ruleOfIssue(issue: Issue, got: unknown): BrokenRule {
  switch (issue.code) {
    case 'invalid_type':
      return { rule: got === undefined ? 'REQUIRED' : 'TYPE', allowed: wordOf(issue) };
    case 'too_small':
      return { rule: unitOf(issue.origin) ? 'TOO_SHORT' : 'RANGE', allowed: atLeast(issue) };
    case 'too_big':
      return { rule: unitOf(issue.origin) ? 'TOO_LONG' : 'RANGE', allowed: atMost(issue) };
    case 'invalid_value':
      return { rule: got === undefined ? 'REQUIRED' : 'VALUE', ...oneOf(issue.values.map(String), got) };
    case 'invalid_format':
      return { rule: 'FORMAT', ...(issue.format === 'datetime' ? timeOf(issue.pattern, got) : { allowed: issue.message }) };
    case 'invalid_union':
      // The field that tells alternatives apart names none of them.
      if ('options' in issue && issue.options) {
        return { rule: got === undefined ? 'REQUIRED' : 'VALUE', ...oneOf(issue.options.map(String), got) };
      }
      return { rule: got === undefined ? 'REQUIRED' : 'TYPE', allowed: wordsOf(issue.errors) || issue.message };
    default:
      return { rule: 'INVALID', allowed: issue.message };
  }
}

/** One of some words, and which of them was likely meant. */
export function oneOf(allowed: readonly string[], got: unknown): Pick<BrokenRule, 'allowed' | 'hint'> {
  const meant = typeof got === 'string' ? closestWord(got, allowed) : null;
  return {
    allowed: allowed.map((word) => word || 'nothing').join(', '),
    ...(meant === null ? {} : { hint: `did you mean ${meant}?` }),
  };
}

/** What a schema expects, as people call it. */
const words: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  tuple: 'an array',
  nonoptional: 'any JSON',
};

function wordOf({ expected }: Extract<Issue, { code: 'invalid_type' }>): string {
  return words[expected] ?? expected;
}

/** What each of some alternatives expects, none of which is of the kind that was got. */
function wordsOf(alternatives: readonly Issue[][]): string {
  const all = alternatives.flatMap(([issue]) => {
    if (issue?.code === 'invalid_union') return wordsOf(issue.errors);
    return issue?.code === 'invalid_type' ? [wordOf(issue)] : [];
  });
  return [...new Set(all)].join(', or ');
}

type Bound<Code extends Issue['code']> = Extract<Issue, { code: Code }>;

function atLeast({ minimum, inclusive = true, origin }: Bound<'too_small'>): string {
  return `${inclusive ? 'at least' : 'more than'} ${amount(minimum, origin)}`;
}

function atMost({ maximum, inclusive = true, origin }: Bound<'too_big'>): string {
  return `${inclusive ? 'at most' : 'less than'} ${amount(maximum, origin)}`;
}

function amount(number: number | bigint, origin: string): string {
  const unit = unitOf(origin);
  if (!unit) return String(number);
  const many = unit === 'entry' ? 'entries' : `${unit}s`;
  return `${number} ${Number(number) === 1 ? unit : many}`;
}

function unitOf(origin: string): 'character' | 'entry' | null {
  if (origin === 'string') return 'character';
  return ['array', 'set', 'map', 'record'].includes(origin) ? 'entry' : null;
}

function timeOf(pattern: string | undefined, got: unknown): Pick<BrokenRule, 'allowed' | 'hint'> {
  const withOffset = pattern?.includes('[+-]') ? ', or with an offset such as 2026-03-01T10:00:00+01:00' : '';
  const allowed = `a time in UTC such as 2026-03-01T09:00:00Z${withOffset}`;
  // What form encoding makes of a plus.
  const lostPlus = typeof got === 'string' && /^[\d-]+T[\d:.]+ \d\d:?\d\d$/.test(got);
  return {
    allowed,
    ...(lostPlus ? { hint: 'in a query string + stands for a space: write %2B for it, or give the time with Z' } : {}),
  };
}
