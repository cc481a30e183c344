import { expect, test } from '@jest/globals';
import { limits, subjects } from '@kintsugi/contracts';
import { Turns } from '@kintsugi/hosting';
import { IncomingJobs } from '../intake/incoming-job.js';
import { CommandReader } from './command-reader.js';

const turns = new Turns();
const reader = new CommandReader(turns, new IncomingJobs(turns, { INEXACT_NUMBERS: 'refuse' }));
const subject = subjects.command('createJob');

function read(payload: string): ReturnType<CommandReader['read']> {
  return reader.read(subject, new TextEncoder().encode(payload));
}

const job = (tasks: string): string => `{"product_id":"p","sending_group_id":"g","tasks":[${tasks}]}`;

test.each(['constructor', '__proto__', 'toString', 'destroyJob'])('a command named %s is unknown', async (name) => {
  const read = reader.read(subject.replace('createJob', name), new TextEncoder().encode('{}'));
  await expect(read).rejects.toMatchObject({ code: 'ACTION_UNKNOWN' });
});

test.each([
  ['8 MiB of brackets', '['.repeat(limits.bodyBytes), 'JSON_TOO_DEEP'],
  ['8 MiB of numbers', `{"tasks":1,"a":[${'1,'.repeat(limits.bodyBytes / 2)}1]}`, 'BODY_TOO_LARGE'],
  ['more tasks than may come inline', job('{},'.repeat(limits.inlineTasks) + '{}'), 'VALIDATION_FAILED'],
  ['a task that is too large', job(`{"payload":"${'x'.repeat(limits.taskBytes)}"}`), 'TASK_INVALID'],
  ['a number that no double holds', job('{"payload":{"id":1970670598291982290}}'), 'NUMBER_INEXACT'],
])('%s is refused', async (_, payload, code) => {
  await expect(read(payload)).rejects.toMatchObject({ code });
});

test('a small command is read before the large ones that came earlier, of which none has a turn of the loop for long', async () => {
  const task = `{"payload":[${'{},'.repeat(30_000)}{}]}`;
  const large = job(Array.from({ length: 8 }, () => task).join(','));
  const order: string[] = [];
  let loopTurns = 0;
  let reading = true;
  const count = (): void => {
    loopTurns += 1;
    if (reading) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all([
    ...[1, 2].map(() => read(large).then(() => order.push('large'))),
    read(job('{}')).then(() => order.push('small')),
  ]);
  reading = false;
  expect(order).toEqual(['small', 'large', 'large']);
  // Each slice of at most one large task had a turn of its own.
  expect(loopTurns).toBeGreaterThanOrEqual(16);
});

test('the lines of its tasks are the text that came', async () => {
  const tasks = ['{"payload":[1.50,1e2,"\\u00e9"],"id":"a"}', '{ "payload": 0.10 }'];
  await expect(read(job(tasks.join(' , ')))).resolves.toMatchObject({ name: 'createJob', job: { lines: tasks } });
});
