// A job of a type that no worker offers says so, wherever one looks at it, and so does what cannot end because of it.
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BatchJob, JobHistoryPage, JobInfo, JobPage, JobReceipt } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { startCommand } from '../../command-line.js';
import { startTrialPlatform, type TrialPlatform } from './trial-platform.js';

let trial: TrialPlatform;

beforeAll(async () => {
  trial = await startTrialPlatform();
});

afterAll(() => trial.platform.stop());

const options = (type: string) => ['submit', '-', '--type', type, '--product', 'shop', '--group', 'spring'];
const tasks = '{"payload": {}}\n{"payload": {}}\n';
const words = 'No worker runs tasks of type nobody.offers.';

async function submitted(type: string, input: string): Promise<string> {
  const { job_id } = await trial.json<JobReceipt>(options(type), input);
  return job_id;
}

test('job and jobs say that no worker offers its type, for a person and as JSON', async () => {
  const ids = [
    await submitted('nobody.offers', tasks),
    await submitted('nobody.offers', '{"payload": {}}\n'),
    await submitted('trial', '{"payload": {"forMs": 60000}}\n{"payload": {"forMs": 60000}}\n'),
  ];
  await eventually(async () => {
    const reasonOf = async (id: string) => (await trial.json<JobInfo>(['job', id])).waiting_reason;
    expect(await Promise.all(ids.map(reasonOf))).toEqual(['NO_WORKER', 'NO_WORKER', undefined]);
    const { items } = await trial.json<JobPage>(['jobs']);
    const listed = (id: string): BatchJob | undefined => items.find((job) => job.id === id);
    expect(ids.map(listed)).toMatchObject([
      { waiting_reason: 'NO_WORKER' },
      { waiting_reason: 'NO_WORKER' },
      { status: 'running' },
    ]);
    expect(listed(ids[2] as string)).not.toHaveProperty('waiting_reason');
  });
  expect((await trial.run(['job', ids[0] as string])).stdout).toMatch(
    /^ {2}Waits +No worker runs tasks of type nobody\.offers\. Start a worker/m,
  );
  expect((await trial.run(['jobs'])).stdout).toContain(`${words} 2 jobs of this list wait.`);
});

test('jobs and its history mark what cannot end as things stand, for a person and as JSON', async () => {
  const type = 'nobody.offers.this';
  const first = await submitted(type, tasks);
  const document = { product_id: 'shop', sending_group_id: 'spring', type, tasks: [{}], depends_on: [first] };
  const { job_id: after } = await trial.json<JobReceipt>(['submit', '-'], JSON.stringify(document));
  const wedged = { reason: 'NO_WORKER', what: expect.stringContaining(type) };
  const marked = [
    { id: after, wedged },
    { id: first, wedged, waiting_reason: 'NO_WORKER' },
  ];
  await eventually(async () => {
    expect((await trial.json<JobPage>(['jobs', '--type', type])).items).toMatchObject(marked);
    expect(await trial.json<JobInfo>(['job', after])).toMatchObject({ wedged });
    expect((await trial.json<JobHistoryPage>(['history', '--type', type])).items).toMatchObject(marked);
  });
  const { stdout } = await trial.run(['jobs', '--type', type]);
  expect(stdout).toMatch(new RegExp(`^${after} +scheduled \\(wedged\\)`, 'm'));
  expect(stdout).toContain('As things stand it cannot end. They wait for ');
  expect((await trial.run(['job', after])).stdout).toMatch(/^ {2}Waits +As things stand it cannot end\./m);
});

test('a job that is to be planned says that no worker plans it', async () => {
  const document = JSON.stringify({ product_id: 'shop', sending_group_id: 'spring', type: 'trial' });
  const { job_id: id } = await trial.json<JobReceipt>(['submit', '-'], document);
  await eventually(async () => expect(await trial.json<JobInfo>(['job', id])).toMatchObject({ waiting_reason: 'NO_WORKER' }));
  expect((await trial.run(['job', id])).stdout).toContain('No worker plans jobs of type trial.');
});

test.each([[[]], [['--json']]])('submit --watch says so while it waits %j', async (json) => {
  const watch = startCommand([...options('nobody.offers'), '--watch', ...json, '--home', trial.platform.home]);
  let said = '';
  for (const stream of [watch.stdout, watch.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  watch.stdin?.end(tasks);
  await eventually(() => expect(said).toContain(words));
  watch.kill('SIGINT');
  await once(watch, 'close');
});
