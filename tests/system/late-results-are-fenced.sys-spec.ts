// The late results of a worker that was stopped and continued are refused.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2, slots: 20 });
}, 60_000);

afterAll(() => under.stop(), 30_000);

test('a frozen worker that wakes up changes nothing, and its tasks are counted once', async () => {
  const [frozen] = under.platform.pids('worker-1');
  under.sink.verdict = ({ pid }) => ({ wait_ms: pid === frozen ? 1_500 : 50 });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(30) });
  await eventually(() => expect(under.sink.deliveries.some(({ pid }) => pid === frozen)).toBe(true));
  under.platform.kill('worker-1', 'SIGSTOP');
  const job = await under.ended(id, 15_000);
  expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 30 } });
  const before = await under.tasks(id);
  under.platform.kill('worker-1', 'SIGCONT');
  await eventually(async () => expect(await rejections()).toBeGreaterThan(0));
  expect(await under.tasks(id)).toEqual(before);
  expect(await under.job(id)).toEqual(job);
}, 60_000);

async function rejections(): Promise<number> {
  const text = await (await fetch(new URL('/metrics', under.platform.urls.api))).text();
  return Number(/^kintsugi_fencing_rejections_total\{[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
