// The late results of a worker that was stopped and continued are refused.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { statOf } from '../../libs/worker-sdk/src/process/proc-files.js';
import { PlatformUnderTest } from './platform-under-test.js';

/** More than a worker takes for anything but a handler that blocks. */
const blockingTicks = 30;

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2, slots: 2 });
});

afterAll(() => under.stop());

test('a handler that blocks its thread for longer than a lease lasts keeps its lease: the beat has a thread of its own', async () => {
  const { job_id: id } = await under.createJob({ type: 'test.block', tasks: [{ payload: { block_ms: 5_000 } }] });
  await under.ended(id);
  const [task] = await under.tasks(id);
  expect(task).toMatchObject({ state: 'succeeded', attempts: 1 });
  expect(await fencingRejections()).toBe(0);
});

test('a frozen worker that wakes up changes nothing, and its tasks are counted once', async () => {
  // Handlers that block their thread: what the worker does first when it wakes up is to finish them and report.
  const tasks = Array.from({ length: 4 }, () => ({ payload: { block_ms: 2_000 } }));
  const { job_id: id } = await under.createJob({ type: 'test.block', tasks });
  const [frozen = 0] = under.platform.pids('worker-1');
  await eventually(() => expect(under.sink.deliveries.map(({ pid }) => pid)).toContain(frozen));
  // Its handler blocks: one that still waited for an answer would be ended on waking, and report nothing.
  const ticks = ticksOf(frozen);
  await eventually(() => expect(ticksOf(frozen) - ticks).toBeGreaterThan(blockingTicks));
  under.platform.kill('worker-1', 'SIGSTOP');
  const job = await under.ended(id);
  expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 4 } });
  const before = await under.tasks(id);
  expect(await fencingRejections()).toBe(0);
  under.platform.kill('worker-1', 'SIGCONT');
  await eventually(async () => expect(await fencingRejections()).toBeGreaterThan(0));
  expect(await under.tasks(id)).toEqual(before);
  expect(await under.job(id)).toEqual(job);
});

/** Processor time that a process has taken, in ticks of 10 ms. */
function ticksOf(pid: number): number {
  return Number(statOf(pid)?.fields[10]);
}

async function fencingRejections(): Promise<number> {
  const text = await (await fetch(new URL('/metrics', under.platform.urls.api))).text();
  return Number(/^kintsugi_fencing_rejections_total\{[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
}
