import { describe, expect, test } from '@jest/globals';
import { commands, eventCatalogue, operations } from '@kintsugi/contracts';
import { z } from 'zod';
import { fieldTable, fieldsOf, shapeKey, type Side } from './fields.js';

const typesOf = (shape: z.ZodRawShape, side: Side = 'input') =>
  Object.fromEntries(fieldsOf(z.object(shape), side).map(({ path, type }) => [path, type]));

describe('fields of a schema', () => {
  test('types read as words, with their bounds', () => {
    expect(
      typesOf({
        name: z.string().max(9),
        size: z.int().min(1).max(3),
        share: z.number(),
        kind: z.enum(['a', 'b']),
        at: z.iso.datetime(),
        names: z.array(z.string()).max(2),
        by_name: z.record(z.string(), z.int().min(0)),
        either: z.string().nullable(),
        payload: z.unknown(),
      }),
    ).toEqual({
      name: 'string of at most 9 characters',
      size: 'integer from 1 to 3',
      share: 'number',
      kind: 'one of `a`, `b`',
      at: 'ISO 8601 time',
      names: 'array of at most 2, each string',
      by_name: 'object with values of type integer from 0',
      either: 'string or null',
      payload: 'any JSON',
    });
  });

  test('what may be left out is told, on the side where it may', () => {
    const shape = { mode: z.enum(['a', 'b']).default('a'), note: z.string().optional() };
    expect(typesOf(shape, 'input')).toEqual({ mode: 'one of `a`, `b`, default `a`', note: 'string, optional' });
  });

  test('nested fields follow their holder, within arrays and nullable objects too', () => {
    const job = z.object({ id: z.string() });
    const paths = fieldsOf(z.object({ jobs: z.array(job), parent: job.nullable() }), 'output').map(({ path }) => path);
    expect(paths).toEqual(['jobs', 'jobs[].id', 'parent', 'parent.id']);
  });

  test('alternatives that a field tells apart read as others do', () => {
    const condition = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('job'), id: z.string() }),
      z.object({ kind: z.literal('window') }),
    ]);
    expect(typesOf({ condition, when: z.array(condition) })).toEqual({
      ...{ condition: 'object or object', 'condition.kind': '`"job"`', 'condition.id': 'string' },
      ...{ when: 'array, each object or object', 'when[].kind': '`"job"`', 'when[].id': 'string' },
    });
  });

  test('a known shape is linked and not repeated', () => {
    const job = z.object({ id: z.string().describe('The job.') });
    const known = new Map([[shapeKey(job, 'output'), '[a job](#job)']]);
    expect(fieldTable(job, 'output', known)).toBe('The fields of [a job](#job).');
    expect(fieldsOf(z.object({ items: z.array(job).describe('Jobs.') }), 'output', known)).toEqual([
      { path: 'items', type: 'array of objects', meaning: 'Jobs. The fields of [a job](#job).' },
    ]);
  });
});

describe('the contracts', () => {
  const schemas: [string, z.ZodType, Side][] = [
    ...Object.entries(eventCatalogue).map(([name, { data }]): [string, z.ZodType, Side] => [name, data, 'output']),
    ...Object.entries(commands).map(([name, { data }]): [string, z.ZodType, Side] => [name, data, 'input']),
    ...Object.entries(operations).flatMap(([name, { request, response }]): [string, z.ZodType, Side][] => [
      [`${name} request`, request, 'input'],
      [`${name} answer`, response, 'output'],
    ]),
  ];

  test.each(schemas)('every field of %s says what it means', (_, schema, side) => {
    const mute = fieldsOf(schema, side).filter(({ meaning }) => meaning === '');
    expect(mute.map(({ path }) => path)).toEqual([]);
  });
});
