// With every file of JetStream deleted while jobs run, all their tasks still finish, and the history tells of each.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({
    slots: 20,
    environment: {
      RECONCILE_EVERY_MS: '1000',
      FORGOTTEN_AFTER_MS: '3000',
      RETRY_JITTER: 'none',
      HISTORY_COMPARE_EVERY_MS: '1000',
    },
  });
});

afterAll(() => under.stop());

test('failures are still decided, retried and healed', async () => {
  under.sink.verdict = ({ payload, attempt }) => {
    const { number } = payload as { number: number };
    return { wait_ms: 20, ...(number % 5 === 0 && attempt === 1 ? { fail: 'at first' } : {}) };
  };
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'keyed', tasks: numberedTasks(2_000) });
  await eventually(() => expect(under.sink.deliveries.length).toBeGreaterThan(500));
  rmSync(join(under.platform.home, 'data', 'nats'), { recursive: true, force: true });
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 2_000 } });
  expect(under.sink.effects.size).toBe(2_000);
  await eventually(async () => {
    const records = await under.errors(id);
    expect(records.filter(({ recovery_status: status }) => status !== 'recovered')).toEqual([]);
    expect(new Set(records.map(({ task_id: taskId }) => taskId)).size).toBe(400);
    expect(records).toHaveLength(400);
  });
});

test('and the broker killed, the history holds every accepted job as it ended', async () => {
  under.sink.verdict = () => ({ wait_ms: 5 });
  const group = 'files-deleted';
  const accepted: string[] = [];
  const submit = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      const tasks = numberedTasks(number % 10 === 0 ? 5 : 1);
      const { job_id: id } = await eventually(() => under.createJob({ type: 'test.deliver', sending_group_id: group, tasks }));
      accepted.push(id);
    }
  };
  const submitting = Promise.all([submit(100), submit(100), submit(100)]);
  await eventually(() => expect(accepted.length).toBeGreaterThan(100));
  rmSync(join(under.platform.home, 'data', 'nats'), { recursive: true, force: true });
  under.platform.kill('nats-server');
  await submitting;
  for (const id of accepted) await under.ended(id);
  await eventually(async () => {
    const remembered = await under.jobsOf(group);
    expect(accepted.filter((id) => !remembered.some((job) => job.id === id))).toEqual([]);
    expect(remembered.filter(({ status }) => status !== 'completed')).toEqual([]);
  });
});
