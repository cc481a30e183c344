// SIGTERM drains: what runs may end, what waits is handed back, and nothing runs twice.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2, slots: 10 });
});

afterAll(() => under.stop());

test('a worker stopped in order finishes its tasks; every task is called once', async () => {
  under.sink.verdict = () => ({ wait_ms: 100 });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(400) });
  await eventually(() => expect(under.sink.deliveries.length).toBeGreaterThan(60));
  under.platform.kill('worker-1', 'SIGTERM');
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 400 } });
  expect(under.sink.deliveries).toHaveLength(400);
});

test('services stopped in order while a job runs lose nothing and repeat nothing', async () => {
  const before = under.sink.deliveries.length;
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(400) });
  await eventually(() => expect(under.sink.deliveries.length).toBeGreaterThan(before + 60));
  for (const name of ['job-service', 'recovery-service', 'metrics-service', 'gateway']) under.platform.kill(name, 'SIGTERM');
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 400 } });
  expect(under.sink.deliveries.length - before).toBe(400);
});
