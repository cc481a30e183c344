import type { z } from 'zod';
import { limits } from '../limits.js';
import { pathText, valueAt } from './fault-place.js';
import { fieldsAt } from './fields-at.js';
import { oversizeIn } from './oversize.js';
import { ProblemError, shown, type ProblemDetail } from './problem.js';
import type { ProblemCode } from './problem-catalogue.js';
import { oneOf, ruleOfIssue, type Issue } from './rule-of-issue.js';
import { tellingIssues } from './telling-issues.js';

/**
 * The parsed value, or a ProblemError that names every fault: path, rule, what was got and what is allowed.
 * @param root the name the paths start with, such as `data`
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  root = '',
  code: ProblemCode = 'VALIDATION_FAILED',
): z.output<Schema> {
  const oversize = oversizeIn(schema, input, root);
  if (oversize.length > 0) throw problemOf(oversize, code);
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issues = tellingIssues(parsed.error.issues);
  const details = issues.slice(0, limits.problemErrors).flatMap((issue) => detailsOf(issue, { schema, input, root }));
  const unnamed = issues.slice(limits.problemErrors).length + issues.reduce((sum, issue) => sum + unnamedKeysOf(issue), 0);
  throw problemOf(details, code, details.length + unnamed);
}

/** The problem that some faults amount to, of which there may be more than are named. */
export function problemOf(errors: readonly ProblemDetail[], code: ProblemCode, count = errors.length): ProblemError {
  const [first] = errors;
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  const detail = first
    ? `${first.path || 'The input'}: ${first.rule}, got ${first.got}${first.allowed ? `, allowed: ${first.allowed}` : ''}${first.hint ? `; ${first.hint}` : ''}${others}.`
    : 'The input is not valid.';
  return new ProblemError(code, detail, { errors: errors.slice(0, limits.problemErrors) });
}

/** Unknown fields beyond those that can be named: a large input may have a million of them. */
function unnamedKeysOf(issue: Issue): number {
  return issue.code === 'unrecognized_keys' ? Math.max(0, issue.keys.length - limits.problemErrors) : 0;
}

interface Given {
  schema: z.ZodType;
  input: unknown;
  root: string;
}

function detailsOf(issue: Issue, given: Given): ProblemDetail[] {
  const branch = issue.code === 'invalid_union' ? closestBranch(issue.errors) : null;
  if (branch) return branch.flatMap((inner) => detailsOf({ ...inner, path: [...issue.path, ...inner.path] }, given));
  if (issue.code === 'unrecognized_keys') return unknownFields(issue, given);
  const path = pathText(issue.path, given.root);
  // The name of an entry, and not its value, is at fault.
  const fault = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
  const got = gotOf(issue, given.input);
  return [{ path, got: shown(got), ...ruleOfIssue(fault, got) }];
}

function unknownFields(issue: Extract<Issue, { code: 'unrecognized_keys' }>, { schema, input, root }: Given): ProblemDetail[] {
  const known = fieldsAt(schema, issue.path, input) ?? [];
  const holder = valueAt(input, issue.path);
  return issue.keys.slice(0, limits.problemErrors).map((key) => ({
    path: pathText([...issue.path, key], root),
    rule: 'UNKNOWN_FIELD',
    got: shown(valueAt(holder, [key])),
    ...(known.length > 0 ? oneOf(known, key) : { allowed: 'no fields' }),
  }));
}

/** What a schema looked at: with a query it is made of the text that was given. What looks at a whole object may name one of its fields. */
function gotOf(issue: Issue, input: unknown): unknown {
  if (!('input' in issue) || issue.code === 'invalid_union') return valueAt(input, issue.path);
  const holder = valueAt(input, issue.path.slice(0, -1));
  const isThere = typeof holder === 'object' && holder !== null;
  return issue.code === 'custom' && isThere ? valueAt(input, issue.path) : issue.input;
}

/**
 * The faults of the alternative that the input came nearest to, so that the report names its real fault; null where it is of the kind
 * of none of them.
 */
function closestBranch(branches: readonly Issue[][]): Issue[] | null {
  const ofKind = branches.map(tellingIssues).filter((issues) => !issues.some(isOfOtherKind));
  const depth = (issues: Issue[]) => Math.max(...issues.map((issue) => issue.path.length));
  return ofKind.reduce<Issue[] | null>((best, branch) => (best && depth(branch) <= depth(best) ? best : branch), null);
}

function isOfOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  return (
    issue.code === 'invalid_type' ||
    (issue.code === 'invalid_union' && issue.errors.every(([first]) => first && isOfOtherKind(first)))
  );
}
