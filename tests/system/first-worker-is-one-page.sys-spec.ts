// The first worker is one page of code, and the page is true.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repository } from '@kintsugi/supervisor';
import { PlatformUnderTest } from './platform-under-test.js';

const folder = join(repository, 'examples', 'hello-worker');
let under: PlatformUnderTest;
let worker: ChildProcess;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 0 });
  worker = spawn(process.execPath, [join(folder, 'worker.mjs')], {
    env: { ...process.env, NODE_OPTIONS: '', NATS_URL: under.platform.urls.nats },
  });
}, 60_000);

afterAll(async () => {
  worker.kill();
  await under.stop();
}, 30_000);

test('the page shows the file as it is, in at most forty lines', () => {
  const page = readFileSync(join(folder, 'README.md'), 'utf8');
  const shown = /```js\n([\s\S]*?)```/.exec(page)?.[1];
  expect(shown).toBe(readFileSync(join(folder, 'worker.mjs'), 'utf8'));
  expect(shown?.split('\n').length).toBeLessThanOrEqual(40);
});

test('it runs tasks, keeps results and logs, and tells failures by the name it gave them', async () => {
  const tasks = [
    { id: 'ada', payload: { name: 'Ada' } },
    { id: 'nobody', payload: {} },
  ];
  const { job_id: id } = await under.createJob({ type: 'greet', tasks });
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { succeeded: 1, dead: 1 } });
  const [ada, nobody] = await under.tasks(id);
  expect(ada).toMatchObject({ state: 'succeeded', result: { greeting: 'Hello, Ada!' }, logs: [`Attempt 1 of ${ada?.id}`] });
  expect(nobody).toMatchObject({ state: 'dead', attempts: 1, error: { error_type: 'greet.no_name' } });
}, 60_000);

test('it plans a job that comes without tasks', async () => {
  const { job_id: id } = await under.createJob({ type: 'greet', sending_group_id: 'Ada,Bob,Cy' });
  expect(await under.ended(id)).toMatchObject({ status: 'completed', total_tasks: 3, task_counts: { succeeded: 3 } });
  expect((await under.tasks(id)).map(({ key }) => key)).toEqual(['Ada', 'Bob', 'Cy']);
}, 60_000);
