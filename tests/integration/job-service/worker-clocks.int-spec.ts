// A worker's clock is not believed: whatever it tells, times lie where they can, and no metric falls.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const hourMs = 3_600_000;

let servers: TestServers;
let under: JobServiceUnderTest;

beforeAll(async () => {
  servers = await startTestServers();
  under = await startJobService(servers);
});

afterAll(async () => {
  await under.stop();
  await servers.stop();
});

test.each([-100 * 24 * hourMs, -hourMs, hourMs])('off by %i ms', async (clockOffMs) => {
  const type = `off.${Math.abs(clockOffMs)}.${clockOffMs < 0 ? 'behind' : 'ahead'}`;
  const worker = new ScriptedWorker(under.bus, type.replaceAll('.', '-'), [type], { clockOffMs });
  const stats = ['kintsugi_task_outcome_seconds', 'kintsugi_task_wait_seconds', 'kintsugi_attempt_seconds'];
  const sums = () => Promise.all(stats.map((name) => under.counted(name, { type })));
  const before = await sums();
  const job = { type, product_id: 'p', sending_group_id: 'g', tasks: [{ payload: 1 }, { payload: 2 }] };
  const { job_id } = await callAction(under.bus, 'createJob', job);
  await eventually(() => expect(worker.slices.flatMap(({ indexes }) => indexes)).toHaveLength(2));
  for (const slice of [...worker.slices]) await worker.succeed(slice);
  const ended = await eventually(async () => {
    const found = await callAction(under.bus, 'getJob', { job_id });
    expect(found.status).toBe('completed');
    return found;
  });
  const { items: tasks } = await callAction(under.bus, 'listTasks', { job_id });
  expect(tasks).toHaveLength(2);
  for (const { started_at, finished_at } of tasks) {
    const times = [ended.created_at, started_at, finished_at, new Date().toISOString()];
    expect([...times].sort()).toEqual(times);
  }
  (await sums()).forEach((sum, position) => expect(sum).toBeGreaterThanOrEqual(before[position] as number));
  worker.stop();
});
