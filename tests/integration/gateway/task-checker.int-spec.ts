// The tasks of a large body are checked in a thread: the loop that answers everybody else parses none of them.
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { BodyScan, receivedBody, type BodyShape, type InlineTasks } from '@kintsugi/contracts';
import { TasksDigest } from '@kintsugi/hosting';
import { TaskChecker } from '../../../apps/gateway/src/operations/checking/task-checker.js';

const shape: BodyShape = { listAt: ['tasks'], root: '', restBytesMax: 65_536 };
const tasks = Array.from({ length: 3_000 }, (_, number) => ({ id: `t${number}`, payload: { number, of: ['a', 'b'] } }));

let checker: TaskChecker;

beforeEach(() => {
  checker = new TaskChecker();
});

afterEach(async () => {
  jest.restoreAllMocks();
  await checker.onApplicationShutdown();
});

function received(list: unknown): InlineTasks {
  const bytes = Buffer.from(JSON.stringify({ tasks: list }));
  const scan = new BodyScan(shape);
  scan.push(bytes);
  const body = receivedBody(bytes, scan, shape);
  if (!body.tasks) throw new Error('No tasks were found.');
  return body.tasks;
}

it('gives the tasks back as they came, with the fingerprint that a gateway makes of an upload of the same tasks', async () => {
  const digest = new TasksDigest('refuse');
  for (const task of tasks) digest.add(JSON.stringify(task), task);
  const given = received(tasks);
  const parse = jest.spyOn(JSON, 'parse');
  const checked = await checker.check(given, 'refuse', true);
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
  expect(checked.fingerprint).toBe(digest.digest());
  expect(checked.tasks.count).toBe(tasks.length);
  expect(JSON.parse(checked.tasks.lineOf(2_999))).toEqual(tasks[2_999]);
});

it('tells what is wrong, with its path, and checks on', async () => {
  const twice = checker.check(received([...tasks, { id: 't7' }]), 'refuse', false);
  const nameless = checker.check(received([{ id: '' }]), 'refuse', false);
  await expect(twice).rejects.toMatchObject({ extras: { errors: [{ path: 'tasks[3000].id', rule: 'DUPLICATE' }] } });
  await expect(nameless).rejects.toMatchObject({ code: 'VALIDATION_FAILED', extras: { errors: [{ path: 'tasks[0].id' }] } });
  await expect(checker.check(received([{}]), 'refuse', false)).resolves.toMatchObject({ fingerprint: '' });
});

it('refuses what a thread that ended was checking, and starts another one', async () => {
  const cutOff = checker.check(received(tasks), 'refuse', false);
  await Promise.all([checker.onApplicationShutdown(), expect(cutOff).rejects.toThrow('has ended')]);
  await expect(checker.check(received(tasks), 'refuse', false)).resolves.toMatchObject({ fingerprint: '' });
});
