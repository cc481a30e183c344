import { describe, expect, test } from '@jest/globals';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { z } from 'zod';
import { asJson, checkJobValue } from './check-job-value.js';
import { defineJob, isJobDefinition } from './define-job.js';

/** A schema of no library. */
function schemaOf<Output>(validate: StandardSchemaV1.Props<unknown, Output>['validate']): StandardSchemaV1<unknown, Output> {
  return { '~standard': { version: 1, vendor: 'spec', validate } };
}

describe('a definition', () => {
  test('takes the schema of any library, also one that is a function', () => {
    const payload = Object.assign(
      () => undefined,
      schemaOf((value) => ({ value })),
    );
    const job = defineJob({ type: 'greet', payload, result: z.string() });
    expect(isJobDefinition(job)).toBe(true);
    expect(Object.isFrozen(job)).toBe(true);
  });

  test.each(['', '1st', 'my job', 'plan:greet', undefined])('of the type %j is an error', (type) => {
    expect(() => defineJob({ type: type as string, payload: z.string() })).toThrow(
      /^defineJob\(\) needs a type: .* It got .+\.$/,
    );
  });

  test.each([undefined, null, { parse: () => undefined }, { '~standard': {} }])('with %j as a schema is an error', (schema) => {
    expect(() => defineJob({ type: 'greet', payload: schema as never })).toThrow(/^The payload of job greet needs a schema by /);
    if (schema === undefined) return;
    expect(() => defineJob({ type: 'greet', payload: z.string(), result: schema as never })).toThrow(
      /^The result of job greet needs a schema by /,
    );
  });

  test.each(['greet', null, undefined, {}, { type: 'greet', payload: {} }])('is not %j', (value) => {
    expect(isJobDefinition(value)).toBe(false);
  });
});

describe('a value that is held to a schema', () => {
  test('comes out as the schema makes it, also where that takes time', async () => {
    expect(
      await checkJobValue(
        z.object({ at: z.iso.datetime().transform((at) => new Date(at)) }),
        { at: '2026-01-02T03:04:05Z' },
        'payload',
      ),
    ).toEqual({
      value: { at: new Date('2026-01-02T03:04:05Z') },
    });
    expect(
      await checkJobValue(
        schemaOf(async (value) => ({ value: [value] })),
        7,
        'payload',
      ),
    ).toEqual({ value: [7] });
  });

  test('is told with each of its faults', async () => {
    const schema = z.object({ to: z.array(z.object({ name: z.string() })), count: z.int() });
    expect(await checkJobValue(schema, { to: [{ name: 'Ada' }, { name: 7 }], count: 'x' }, 'payload')).toEqual({
      fault: 'payload.to[1].name: Invalid input: expected string, received number, got 7 (and 1 more).',
      errors: [
        { path: 'payload.to[1].name', rule: 'SCHEMA', got: '7', hint: 'Invalid input: expected string, received number' },
        { path: 'payload.count', rule: 'SCHEMA', got: '"x"', hint: 'Invalid input: expected number, received string' },
      ],
    });
  });

  test('may be at fault as a whole, in a path of segments, and without a word', async () => {
    const issues = [{ message: '', path: [{ key: 'a' }, 0] }, { message: 'No.' }];
    expect(
      await checkJobValue(
        schemaOf<never>(() => ({ issues })),
        { a: [true] },
        'result',
      ),
    ).toEqual({
      fault: 'result.a[0]: it does not fit, got true (and 1 more).',
      errors: [
        { path: 'result.a[0]', rule: 'SCHEMA', got: 'true' },
        { path: 'result', rule: 'SCHEMA', got: 'an object', hint: 'No' },
      ],
    });
  });

  test('is as JSON has it', () => {
    expect(asJson({ at: new Date(0), nothing: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
    expect(asJson(undefined)).toBe(undefined);
  });
});
