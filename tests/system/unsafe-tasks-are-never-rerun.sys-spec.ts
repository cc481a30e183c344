// Unsafe tasks are never run again by themselves; a person decides.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ slots: 20 });
});

afterAll(() => under.stop());

test('not after a failure', async () => {
  under.sink.verdict = () => ({ fail: 'gone' });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'unsafe', tasks: numberedTasks(5) });
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { dead: 5 } });
  expect(under.sink.deliveries).toHaveLength(5);
});

test('not after the silence of their worker: once it is heard again, it tells how they ended', async () => {
  const before = under.sink.deliveries.length;
  under.sink.verdict = () => ({ wait_ms: 8_000 });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'unsafe', tasks: numberedTasks(3) });
  await eventually(() => expect(under.sink.deliveries.length).toBe(before + 3));
  under.platform.kill('worker-1', 'SIGSTOP');
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { outcome_unknown: 3 } });
  under.platform.kill('worker-1', 'SIGCONT');
  await under.until(id, (job) => expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 3 } }));
  expect(under.sink.deliveries.length).toBe(before + 3);
});

test('not after the loss of their worker: their outcome is unknown until a person has them run again', async () => {
  const before = under.sink.deliveries.length;
  under.sink.verdict = () => ({ wait_ms: 60_000 });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', safety: 'unsafe', tasks: numberedTasks(4) });
  await eventually(() => expect(under.sink.deliveries.length).toBe(before + 4));
  under.platform.kill('worker-1');
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { outcome_unknown: 4 } });
  under.sink.verdict = () => ({});
  const records = await eventually(async () => {
    const found = await under.errors(id);
    expect(found).toHaveLength(4);
    return found;
  });
  expect(under.sink.deliveries.length).toBe(before + 4);
  expect(records.every(({ error_type: type }) => type === 'worker.lost')).toBe(true);
  for (const record of records) {
    await under.operate('/error-operations', 'manualRecover', { error_record_id: record.id, recovery_options: { force: true } });
  }
  await under.until(id, (job) => expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 4 } }));
  expect(under.sink.deliveries.length).toBe(before + 8);
});
