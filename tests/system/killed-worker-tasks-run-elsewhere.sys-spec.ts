// The tasks of a worker killed in mid-work run elsewhere while it is gone, go on behind the steps that they had kept, and none is lost.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';
import type { Delivery } from './sink.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2, slots: 60, restart: false });
});

afterAll(() => under.stop());

test('a worker killed with SIGKILL: all that it held starts again', async () => {
  let killed = false;
  const isLast = ({ payload }: Delivery): boolean => (payload as { step: string }).step === 'last';
  under.sink.verdict = (delivery) => (killed || !isLast(delivery) ? {} : { wait_ms: 60_000 });
  const { job_id: id } = await under.createJob({ type: 'test.steps', safety: 'keyed', tasks: numberedTasks(100) });
  const last = () => under.sink.deliveries.filter(isLast);
  await eventually(() => expect(last()).toHaveLength(100));
  const [victim] = under.platform.pids('worker-1');
  const held = last()
    .filter(({ pid }) => pid === victim)
    .map(({ run_key: key }) => key);
  expect(held.length).toBeGreaterThan(20);
  killed = true;
  const killedAt = Date.now();
  under.platform.kill('worker-1');
  const again = () => under.sink.deliveries.filter(({ run_key: key, at }) => at >= killedAt && held.includes(key));
  await eventually(() => expect(new Set(again().map(({ run_key: key }) => key)).size).toBe(held.length));
  expect(again().every(({ pid, attempt }) => pid !== victim && attempt === 2)).toBe(true);
  expect(again().every(isLast)).toBe(true);
  expect(under.sink.deliveries.filter((delivery) => !isLast(delivery))).toHaveLength(100);
  expect(under.sink.effects.size).toBe(100);
  // What the other worker held goes on undisturbed.
  const expected = { status: 'running', task_counts: { succeeded: held.length } };
  await eventually(async () => expect(await under.job(id)).toMatchObject(expected));
});
