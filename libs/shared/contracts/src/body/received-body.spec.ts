import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '../limits.js';
import { ProblemError } from '../problem/problem.js';
import { BodyScan, type BodyShape } from './body-scan.js';
import { receivedBody, type ReceivedBody } from './received-body.js';

const shape: BodyShape = { listAt: ['data', 'tasks'], root: '', restBytesMax: limits.bodyRestBytes };

function read(text: string, pieceBytes = 64 * 1024): ReceivedBody {
  const bytes = new TextEncoder().encode(text);
  const scan = new BodyScan(shape);
  for (let at = 0; at < bytes.length; at += pieceBytes) scan.push(bytes.subarray(at, at + pieceBytes));
  return receivedBody(bytes, scan, shape);
}

function linesOf({ tasks }: ReceivedBody): string[] | null {
  return tasks && Array.from({ length: tasks.count }, (_, index) => tasks.lineOf(index));
}

/** The problem, and how many bytes of an endless body were looked at until it came. */
function refusedAfter(begin: string, endless: string): { problem: ProblemError; bytes: number } {
  const scan = new BodyScan(shape);
  const encoder = new TextEncoder();
  try {
    scan.push(encoder.encode(begin));
    const piece = encoder.encode(endless.repeat(Math.ceil(1024 / endless.length)));
    for (let pieces = 0; pieces < 9_000; pieces += 1) scan.push(piece);
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error, bytes: scan.bytes };
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a body', () => {
  test('is read as JSON is, whatever it holds and however it is cut into pieces', () => {
    const keys = fc.constantFrom('data', 'tasks', 'action', 'a"\\', 'é', '[', '{', ']');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.constantFrom(1, null, 'x", "tasks": [', '\\', '"', '漢'), tie('list'), tie('record')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      record: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
    }));
    const body = fc.record({ action: fc.constant('x'), data: fc.record({ a: value, tasks: value, z: value }) });
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 20 }), fc.constantFrom(undefined, 1), (given, pieceBytes, indent) => {
        const received = read(JSON.stringify(given, null, indent), pieceBytes);
        const { tasks } = given.data;
        const expected = Array.isArray(tasks) ? { ...given, data: { ...given.data, tasks: [] } } : given;
        expect(received.rest).toEqual(JSON.parse(JSON.stringify(expected)));
        const lines = linesOf(received);
        expect(lines && lines.map((line) => JSON.parse(line) as unknown)).toEqual(
          Array.isArray(tasks) ? JSON.parse(JSON.stringify(tasks)) : null,
        );
        for (const line of lines ?? []) expect(line).not.toContain('\n');
      }),
      { numRuns: 500 },
    );
  });

  test('is refused exactly when JSON.parse refuses it', () => {
    const good = '{"action":"createJob","data":{"p":"a b","tasks":[{"id":"x","payload":[1,"]"]},{}],"q":1}}';
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.nat(3),
        fc.constantFrom('', '"', ',', ']', '}', '[', '{', ':', '\\', '0'),
        (at, drop, junk) => {
          const text = good.slice(0, at) + junk + good.slice(at + drop);
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          let problem: unknown = null;
          try {
            const { tasks } = read(text);
            for (const _ of tasks?.checked('refuse') ?? []);
          } catch (error) {
            problem = error;
          }
          if (!isJson) expect(problem).toBeInstanceOf(ProblemError);
          else if (problem) expect(problem).toMatchObject({ code: 'VALIDATION_FAILED' });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('keeps the text of its tasks as it came, on one line', () => {
    const tasks = ['{"payload":[1.50,1e2,"\\u00e9 x"]}', '{\n  "payload": "a\\n b",\r\n  "id": "t" }', ' { } '];
    expect(linesOf(read(`{"data":{"tasks":[${tasks.join(',')}]}}`))).toEqual([tasks[0], '{"payload":"a\\n b","id":"t"}', '{ }']);
  });

  test('that says a key twice is refused where the list that counts is not the one that was found', () => {
    expect(() => read('{"data":{"tasks":[{}]},"data":{}}')).toThrow('given twice');
    expect(() => read('{"data":{"tasks":[{}],"tasks":7}}')).toThrow('given twice');
    expect(() => read('{"data":{"tasks":[{}],"tasks":[{}]}}')).toThrow('DUPLICATE');
    expect(linesOf(read('{"data":{"\\u0074asks":[{}]}}'))).toEqual(['{}']);
  });
});

describe('what is too much is refused while it arrives', () => {
  test.each([
    ['nesting', '', '[', 'JSON_TOO_DEEP', '', 33],
    ['nesting of a task', '{"data":{"tasks":[{"payload":', '[', 'JSON_TOO_DEEP', 'data.tasks[0]', 60],
    ['tasks', '{"data":{"tasks":[', '{},', 'VALIDATION_FAILED', 'data.tasks', 3 * limits.inlineTasks],
    ['a task', '{"data":{"tasks":[{},{"payload":"', 'x', 'TASK_INVALID', 'data.tasks[1]', limits.taskBytes],
    [
      'text in a field',
      '{"action":"createJob","data":{"product_id":"',
      'x',
      'BODY_TOO_LARGE',
      'data.product_id',
      limits.bodyRestBytes,
    ],
    ['entries of a field', '{"data":{"labels":{"a":1', ',"b":1', 'BODY_TOO_LARGE', 'data.labels', limits.bodyRestBytes],
    ['fields', '{"data":{"a":1', ',"b":1', 'BODY_TOO_LARGE', 'data.b', limits.bodyRestBytes],
    ['white space', '', ' ', 'BODY_TOO_LARGE', '', limits.bodyRestBytes],
  ])('%s', (_, begin, endless, code, path, bytesMax) => {
    const { problem, bytes } = refusedAfter(begin, endless);
    expect(problem).toMatchObject({ code, extras: { errors: [{ path, got: expect.any(String), allowed: expect.any(String) }] } });
    expect(bytes).toBeLessThanOrEqual(bytesMax + begin.length + 2_048);
  });
});

describe('tasks are checked in slices', () => {
  test.each([
    ['many small ones', '{"payload":1}', 9_000],
    ['large ones', `{"payload":"${'x'.repeat(200_000)}"}`, 30],
    ['middling ones', `{"payload":"${'x'.repeat(3_000)}"}`, 900],
  ])('of bounded bytes and number: %s', (_, task, count) => {
    const { tasks } = read(`{"data":{"tasks":[${Array.from({ length: count }, () => task).join(',')}]}}`);
    const slices = [{ bytes: 0, tasks: 0 }];
    const checking = tasks?.checked('refuse', (line) => {
      const slice = slices.at(-1);
      if (slice) Object.assign(slice, { bytes: slice.bytes + line.length, tasks: slice.tasks + 1 });
    });
    for (const _ of checking ?? []) slices.push({ bytes: 0, tasks: 0 });
    expect(slices.reduce((sum, slice) => sum + slice.tasks, 0)).toBe(count);
    for (const slice of slices) {
      expect(slice.tasks).toBeLessThanOrEqual(limits.tasksPerChunk);
      if (slice.tasks > 1) expect(slice.bytes).toBeLessThanOrEqual(64 * 1024);
    }
  });

  test('all faults are told together, and an id given twice by itself', () => {
    const check = (tasks: string) => () => {
      for (const _ of read(`{"data":{"tasks":[${tasks}]}}`).tasks?.checked('refuse') ?? []);
    };
    expect(check('{},7,{"id":1},{"ok":1}')).toThrow(
      expect.objectContaining({
        extras: {
          errors: [
            expect.objectContaining({ path: 'data.tasks[1]', rule: 'TYPE' }),
            expect.objectContaining({ path: 'data.tasks[2].id', rule: 'TYPE' }),
            expect.objectContaining({ path: 'data.tasks[3].ok', rule: 'UNKNOWN_FIELD' }),
          ],
        },
      }),
    );
    expect(check('{"id":"a"},{"id":"a"}')).toThrow(expect.objectContaining({ code: 'TASK_ID_DUPLICATE' }));
  });
});
