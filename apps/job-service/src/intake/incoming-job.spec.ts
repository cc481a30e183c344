import { expect, test } from '@jest/globals';
import { limits, type ProblemError } from '@kintsugi/contracts';
import { Turns } from '@kintsugi/hosting';
import { IncomingJobs } from './incoming-job.js';

const head = '"product_id":"p","sending_group_id":"g","labels":{"a":"1"}';
const job = (tasks: string, behind = ''): string => `{${head},"tasks":[${tasks}]${behind}}`;

const newReader = (): IncomingJobs => new IncomingJobs(new Turns(), { INEXACT_NUMBERS: 'refuse' });

/** What becomes of a job: what is read, or the whole of the problem. */
function fateOf(reader: IncomingJobs, text: string | Uint8Array, keyed = false): Promise<unknown> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return reader.read(bytes, keyed).catch((error: unknown) => (error as ProblemError).toProblem('r1'));
}

async function readerThatKnows(...jobs: string[]): Promise<IncomingJobs> {
  const reader = newReader();
  for (const known of jobs) await reader.read(new TextEncoder().encode(known), false);
  return reader;
}

const nested = (levels: number): string => `{"payload":${'['.repeat(levels)}${']'.repeat(levels)}}`;

test.each([
  ['another task', job('{"payload":{"text":"Grüße 😀"},"id":"a"}')],
  ['spaces around the task', job(' {"payload":1} ')],
  ['a task on two lines', job('{"payload":\n1}')],
  ['two tasks', job('{"payload":1},{"payload":2}')],
  ['no task', job('')],
  ['the end of the list in a text', job('{"payload":"]}"}')],
  ['a second list of tasks', job('{"payload":1}],"tasks":[{"payload":2}')],
  ['more of the head behind the task', job('{"payload":1}],"user_id":"u","x":[{"payload":2}')],
  ['a task that is no object', job('"payload"')],
  ['a task that is cut off', job('{"payload":1')],
  ['a comma behind the task', job('{"payload":1},')],
  ['a field that no task has', job('{"payloads":1}')],
  ['an id that is none', job('{"id":""}')],
  ['a task that waits for none', job('{"id":"a","depends_on":[]}')],
  ['a task that waits for itself', job('{"id":"a","depends_on":["a"]}')],
  ['a task that waits for one that there is not', job('{"id":"a","depends_on":["b"]}')],
  ['a forbidden key', job('{"payload":{"__proto__":1}}')],
  ['a number that no double holds', job('{"payload":1970670598291982290}')],
  ['as many levels as may be', job(nested(limits.jsonDepth - 3))],
  ['one level too many', job(nested(limits.jsonDepth - 2))],
  ['a key of its own', job('{"payload":1}', ',"idempotency_key":"k"')],
  ['bytes that are not UTF-8', Uint8Array.from(job('{"payload":"?"}'), (unit) => (unit === '?' ? 0xff : unit.charCodeAt(0)))],
  ['more than is read at once', job(`{"payload":"${'x'.repeat(20_000)}"}`)],
])('whether a head is known changes nothing of what becomes of a job with %s', async (_, text) => {
  const knowing = await readerThatKnows(job('{"payload":"first"}'), job('{"payload":"first"}', ',"priority":3'));
  await expect(fateOf(knowing, text)).resolves.toEqual(await fateOf(newReader(), text));
});

test('a head that is known is not read again', async () => {
  const reader = await readerThatKnows(job('{"payload":"first"}'));
  const [one, other] = [await reader.read(bytesOf(job('{"payload":1}')), false), await reader.read(bytesOf(job('{}')), false)];
  expect(one.lines).toEqual(['{"payload":1}']);
  expect(other).toEqual({ ...one, lines: ['{}'] });
  expect(other.head).toBe(one.head);
});

test('a job that may come again under its key is told from others by its tasks, whether its head is known or not', async () => {
  const reader = await readerThatKnows(job('{"payload":"first"}'));
  const text = job('{"payload":"first"}');
  await expect(fateOf(reader, text, true)).resolves.toEqual(await fateOf(newReader(), text, true));
  expect(await fateOf(reader, text, true)).not.toMatchObject({ tasksDigest: '' });
});

test('a known head cannot be changed by what is done with one of its jobs', async () => {
  const { head: known } = await newReader().read(bytesOf(job('{}')), false);
  expect(() => Object.assign(known.labels, { a: '2' })).toThrow(TypeError);
});

test('a head that comes with tasks that are looked at more closely stays one, and takes the place of no other', async () => {
  const reader = newReader();
  const first = await reader.read(bytesOf(job('{}')), false);
  for (let n = 0; n < 9; n += 1) await reader.read(bytesOf(job(' {} ', ',"priority":3')), false);
  expect((await reader.read(bytesOf(job('{}')), false)).head).toBe(first.head);
});

test('only the heads that came last are known', async () => {
  const heads = Array.from({ length: 9 }, (_, priority) => job('{}', `,"priority":${priority}`));
  const reader = newReader();
  const first = await reader.read(bytesOf(heads[0] as string), false);
  for (const text of heads) await reader.read(bytesOf(text), false);
  const again = await reader.read(bytesOf(heads[0] as string), false);
  expect(again).toEqual(first);
  expect(again.head).not.toBe(first.head);
});

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
