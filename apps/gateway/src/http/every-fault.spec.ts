import { describe, expect, test } from '@jest/globals';
import { ProblemError, commands, operations, validate, type ProblemDetail } from '@kintsugi/contracts';
import type { z } from 'zod';
import { errorGroupsQuerySchema, errorsQuerySchema } from '../errors/http/error-queries.js';
import { jobsQuerySchema, tasksQuerySchema } from '../jobs/http/job-queries.js';

/** Everything that a door holds its input to: bodies and messages, query strings. */
const doors: [string, z.ZodType][] = [
  ...Object.entries(operations).map(([name, { request }]): [string, z.ZodType] => [`data of ${name}`, request]),
  ...Object.entries(commands).map(([name, { data }]): [string, z.ZodType] => [`data of the command ${name}`, data]),
  ['query of jobs', jobsQuerySchema],
  ['query of tasks', tasksQuerySchema],
  ['query of errors', errorsQuerySchema],
  ['query of groups', errorGroupsQuerySchema],
];

type Path = (string | number)[];

/** The paths of all fields of a schema that hold no other field; in a list or record, those of one entry. */
function leavesOf(schema: z.core.$ZodType, path: Path = []): Path[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return Object.entries(def.shape).flatMap(([name, field]) => leavesOf(field, [...path, name]));
  if (def.type === 'array') return [path, ...leavesOf(def.element, [...path, 0])];
  if (def.type === 'record') {
    const isAnyKey = !def.keyType._zod.def.checks?.length;
    return [path, ...leavesOf(def.valueType, [...path, 'key']), ...(isAnyKey ? [] : [[...path, '\n!']])];
  }
  return 'innerType' in def ? leavesOf(def.innerType, path) : [path];
}

const badValues = [
  ...[undefined, null, true, 0, -1, 1.5, 1e12, Number.NaN],
  ...['', ' ', 'x'.repeat(300_000), 'line\nbreak', '\ud800', 'Completed', '2026-03-01 09:00', '2026-03-01T09:00:00 02:00', 'a,b'],
  ...[[], {}, ['x'], Array.from({ length: 10_001 }, () => 1), { a: { b: 1 } }],
];

function inputWith([key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const inner = inputWith(rest, value);
  return typeof key === 'number' ? [inner] : { [key]: inner };
}

function faultsOf(schema: z.ZodType, input: unknown): { detail: string; errors: ProblemDetail[] } {
  try {
    validate(schema, input, 'root');
    return { detail: '', errors: [] };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { detail: error.message, errors: error.extras.errors ?? [] };
  }
}

/** Words of the schema library, and those that say nothing. */
const wordsOfOthers = /invalid|expected|received|unrecognized|too (?:small|big)|must match|undefined|\bNaN\b|nonoptional|\^/i;

const rules = ['REQUIRED', 'TYPE', 'VALUE', 'FORMAT', 'RANGE', 'TOO_SHORT', 'TOO_LONG', 'UNKNOWN_FIELD', 'INVALID'];

function wasGiven(input: unknown, path: string): boolean {
  const keys = path
    .replace(/^root\.?/, '')
    .split(/\.|\[|\]\.?/)
    .filter((key) => key !== '');
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], input) !== undefined;
}

/** What is wrong with how a fault is told; null when nothing is. */
function flawOf({ path, rule, got, allowed = '' }: ProblemDetail, input: unknown): string | null {
  if (!path.startsWith('root')) return 'it does not say where';
  if (!rules.includes(rule)) return `${rule} is no rule`;
  if (allowed.trim() === '' || wordsOfOthers.test(allowed)) return `what is allowed is not said in words: ${allowed}`;
  if (got === undefined || got.length > 200) return 'it does not say shortly what was got';
  return got === 'nothing' && wasGiven(input, path) ? 'something was got' : null;
}

describe.each(doors)('every fault is told in words: %s', (_, schema) => {
  test('where it is, which rule, what was got and what is allowed', () => {
    const flaws: unknown[] = [];
    for (const leaf of leavesOf(schema)) {
      const told: string[] = [];
      for (const bad of badValues) {
        const input = inputWith(leaf, bad);
        const { detail, errors } = faultsOf(schema, input);
        told.push(...errors.map(({ path }) => path));
        for (const fault of errors) {
          const flaw = flawOf(fault, input);
          if (flaw) flaws.push({ flaw, fault });
        }
        if (errors[0] && !detail.includes(errors[0].allowed ?? '')) flaws.push({ detail });
      }
      const at = `root${leaf.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}`;
      if (!holdsAnything(leaf) && !told.some((path) => path.startsWith(at))) flaws.push({ neverRefused: at });
    }
    expect(flaws).toEqual([]);
  });
});

/** What may hold any JSON is never at fault by itself. */
function holdsAnything(leaf: Path): boolean {
  return ['payload', 'value', 'key'].includes(String(leaf.at(-1)));
}

describe('a query that is almost right', () => {
  test.each([
    [jobsQuerySchema, { status: 'Completed' }, '"Completed"', 'did you mean completed?'],
    [jobsQuerySchema, { status: 'running,faild' }, '"faild"', 'did you mean failed?'],
    [jobsQuerySchema, { created_after: '2026-03-01T09:00:00 02:00' }, '"2026-03-01T09:00:00 02:00"', '%2B'],
    [jobsQuerySchema, { productId: 'p' }, '"p"', 'did you mean product_id?'],
    [errorsQuerySchema, { recovery_status: 'PENDING' }, '"PENDING"', 'did you mean pending?'],
  ])('%# is told what was likely meant', (schema, query, got, hint) => {
    const { errors, detail } = faultsOf(schema, query);
    expect(errors).toEqual([expect.objectContaining({ got, hint: expect.stringContaining(hint) })]);
    expect(detail).toContain(hint);
  });

  test('shows a time as an example', () => {
    const { errors } = faultsOf(jobsQuerySchema, { created_before: 'yesterday' });
    expect(errors[0]?.allowed).toBe(
      'a time in UTC such as 2026-03-01T09:00:00Z, or with an offset such as 2026-03-01T10:00:00+01:00',
    );
  });
});
