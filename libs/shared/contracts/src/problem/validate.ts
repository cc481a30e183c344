import type { z } from 'zod';
import { limits } from '../limits.js';
import { oversizeIn } from './oversize.js';
import { ProblemError, shown, type ProblemDetail } from './problem.js';
import type { ProblemCode } from './problem-catalogue.js';

type Issue = z.core.$ZodIssue;

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
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw validationProblem(parsed.error.issues, input, root, code);
}

/** The problem that a list of schema issues amounts to. */
export function validationProblem(
  issues: readonly Issue[],
  input: unknown,
  root = '',
  code: ProblemCode = 'VALIDATION_FAILED',
): ProblemError {
  const details = issues.slice(0, limits.problemErrors).flatMap((issue) => detailsOf(issue, input, root));
  const unnamed = issues.slice(limits.problemErrors).length + issues.reduce((sum, issue) => sum + unnamedKeysOf(issue), 0);
  return problemOf(details, code, details.length + unnamed);
}

/** The problem that some faults amount to, of which there may be more than are named. */
export function problemOf(errors: readonly ProblemDetail[], code: ProblemCode, count = errors.length): ProblemError {
  const [first] = errors;
  const others = count > 1 ? ` (and ${count - 1} more)` : '';
  const detail = first
    ? `${first.path || 'The input'}: ${first.rule}, got ${first.got}${first.allowed ? `, allowed: ${first.allowed}` : ''}${others}.`
    : 'The input is not valid.';
  return new ProblemError(code, detail, { errors: errors.slice(0, limits.problemErrors) });
}

/** Unknown fields beyond those that can be named: a large input may have a million of them. */
function unnamedKeysOf(issue: Issue): number {
  return issue.code === 'unrecognized_keys' ? Math.max(0, issue.keys.length - limits.problemErrors) : 0;
}

function detailsOf(issue: Issue, input: unknown, root: string): ProblemDetail[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = closestBranch(issue.errors);
    return branch.flatMap((inner) => detailsOf({ ...inner, path: [...issue.path, ...inner.path] }, input, root));
  }
  const path = pathText(issue.path, root);
  const value = valueAt(input, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, limits.problemErrors).map((key) => ({
      path: pathText([...issue.path, key], root),
      rule: 'UNKNOWN_FIELD',
      got: shown(valueAt(value, [key])),
      allowed: 'only the documented fields',
    }));
  }
  const { rule, allowed } = ruleOf(issue, value);
  return [{ path, rule, got: shown(value), ...(allowed ? { allowed } : {}) }];
}

/** The alternative that the input came nearest to, so that the report names its real fault. */
function closestBranch(branches: readonly Issue[][]): Issue[] {
  const depth = (issues: Issue[]) => Math.max(...issues.map((issue) => issue.path.length));
  return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
}

function ruleOf(issue: Issue, value: unknown): { rule: string; allowed?: string } {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined ? { rule: 'REQUIRED', allowed: expectedOf(issue) } : { rule: 'TYPE', allowed: issue.expected };
    case 'too_small':
      return { rule: sized(issue.origin) ? 'TOO_SHORT' : 'RANGE', allowed: `at least ${issue.minimum}` };
    case 'too_big':
      return { rule: sized(issue.origin) ? 'TOO_LONG' : 'RANGE', allowed: `at most ${issue.maximum}` };
    case 'invalid_value':
      return { rule: 'VALUE', allowed: issue.values.map((allowed) => String(allowed)).join(', ') };
    case 'invalid_format':
      return { rule: 'FORMAT', allowed: issue.message };
    default:
      return { rule: 'INVALID', allowed: issue.message };
  }
}

/** Zod's word for a field that may hold anything, but must be there. */
function expectedOf({ expected }: { expected: string }): string {
  return expected === 'nonoptional' ? 'any JSON' : expected;
}

function sized(origin: string): boolean {
  return origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map';
}

function pathText(path: readonly PropertyKey[], root: string): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key).slice(0, 100);
    return text ? `${text}.${name}` : name;
  }, root);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    input,
  );
}
