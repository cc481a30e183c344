// With every file of JetStream deleted while a job runs, all its tasks still finish.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({
    slots: 20,
    environment: { RECONCILE_EVERY_MS: '1000', FORGOTTEN_AFTER_MS: '3000', RETRY_JITTER: 'none' },
  });
}, 60_000);

afterAll(() => under.stop(), 30_000);

test('failures are still decided, retried and healed', async () => {
  under.sink.verdict = ({ payload, attempt }) => {
    const { number } = payload as { number: number };
    return { wait_ms: 20, ...(number % 5 === 0 && attempt === 1 ? { fail: 'at first' } : {}) };
  };
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'keyed', tasks: numberedTasks(2_000) });
  await eventually(() => expect(under.sink.deliveries.length).toBeGreaterThan(500));
  rmSync(join(under.platform.home, 'data', 'nats'), { recursive: true, force: true });
  expect(await under.ended(id, 90_000)).toMatchObject({ status: 'completed', task_counts: { succeeded: 2_000 } });
  expect(under.sink.effects.size).toBe(2_000);
  await eventually(
    async () => {
      const records = await under.errors(id);
      expect(records.filter(({ recovery_status: status }) => status !== 'recovered')).toEqual([]);
      expect(new Set(records.map(({ task_id: taskId }) => taskId)).size).toBe(400);
      expect(records).toHaveLength(400);
    },
    { timeoutMs: 30_000 },
  );
}, 150_000);
