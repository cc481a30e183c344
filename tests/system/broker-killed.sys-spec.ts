// After nats-server was killed, work goes on by itself.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ slots: 10 });
});

afterAll(() => under.stop());

test('tasks start again, and every one ends exactly once', async () => {
  under.sink.verdict = () => ({ wait_ms: 20 });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'keyed', tasks: numberedTasks(3_000) });
  await eventually(() => expect(under.sink.deliveries.length).toBeGreaterThan(200));
  under.platform.kill('nats-server');
  const killedAt = Date.now();
  // What was with the worker goes on without the broker; only what comes after that has come over it.
  await eventually(() => expect(under.sink.deliveries.filter(({ at }) => at > killedAt).length).toBeGreaterThan(200));
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 3_000 } });
  expect(under.sink.effects.size).toBe(3_000);
  const next = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(5) });
  expect(await under.ended(next.job_id)).toMatchObject({ status: 'completed' });
});
