import { describe, expect, test } from '@jest/globals';
import type { JobEndingInput } from '@kintsugi/contracts';
import { viewBundledJob } from '../../jobs/domain/job-view.js';
import { bundledJobTimes } from './bundled-job-times.js';
import { eventDataOf } from './chunk-events.js';
import { acceptedAt, bundleOf, chunkOf, reportOf } from './chunk-sample.js';
import type { Chunk, Lease } from './chunk.js';
import { leaseTasks } from './lease-tasks.js';
import { loseLease } from './lose-lease.js';
import { recordOutcome } from './record-outcome.js';
import { cancelTasks, deferTask, discardTask, requeueTask, retryTask, startTasks } from './recovery-moves.js';
import { viewTask } from './task-view.js';

const second = 1_000;
const hour = 3_600_000;
const lossOf = (now: number) => ({ alone: true, lossesMax: 1, now });

function lease(chunk: Chunk, at: number): Lease {
  return leaseTasks(chunk, [0], 'w', at).lease;
}

/** A run of the first task that begins at a time and takes two or three milliseconds. */
function run(chunk: Chunk, at: number, ended: Parameters<typeof reportOf>[1]): void {
  recordOutcome(chunk, { ...reportOf(lease(chunk, at), ended), base_ms: at }, at + second);
}

/** When the job began and ended, as its view has it; its last event says the same. */
function timesOf(chunk: Chunk): { began: number | null; ended: number | null } {
  const { startedAt: began, finishedAt: ended } = bundledJobTimes(chunk, 0);
  const iso = (time: number | null): string | null => (time === null ? null : new Date(Math.trunc(time)).toISOString());
  const told = { started_at: iso(began), finished_at: iso(ended) };
  expect(viewBundledJob(chunk, 0)).toMatchObject(told);
  const ending = chunk.promised.findLast(({ name }) => ['job.completed', 'job.failed', 'job.cancelled'].includes(name));
  if (ending && ended !== null) expect((eventDataOf(chunk, ending) as { jobs: JobEndingInput[] }).jobs[0]).toMatchObject(told);
  return { began, ended };
}

/** What is kept of its tasks for the times of jobs. */
function kept({ state: { extras } }: Chunk): unknown[] {
  return [extras.began, extras.ended];
}

describe('a single-task job', () => {
  test('that is cancelled before it began has ended then, and has not begun', () => {
    const chunk = bundleOf(1);
    cancelTasks(chunk, [0], acceptedAt + hour);
    expect(timesOf(chunk)).toEqual({ began: null, ended: acceptedAt + hour });
  });

  test('that is cancelled with what waits at a worker has ended once that is handed back', () => {
    const chunk = bundleOf(1);
    const held = lease(chunk, acceptedAt);
    cancelTasks(chunk, [0], acceptedAt + second);
    recordOutcome(chunk, reportOf(held, { returned: [0] }), acceptedAt + 2 * second);
    expect(timesOf(chunk)).toEqual({ began: null, ended: acceptedAt + 2 * second });
  });

  test('began with the first run of its task, and ended with the last', () => {
    const chunk = bundleOf(1);
    run(chunk, acceptedAt + second, { failed: [0] });
    retryTask(chunk, 0, 1);
    run(chunk, acceptedAt + hour, { failed: [0] });
    retryTask(chunk, 0, 2);
    expect(timesOf(chunk)).toEqual({ began: acceptedAt + second + 5, ended: null });
    run(chunk, acceptedAt + 2 * hour, { done: [0] });
    expect(timesOf(chunk)).toEqual({ began: acceptedAt + second + 5, ended: acceptedAt + 2 * hour + 5 + 2 });
    expect(viewTask(chunk, 0).started_at).toBe(new Date(acceptedAt + 2 * hour + 5).toISOString());
  });

  test.each([
    ['cancelled', (chunk: Chunk, now: number) => cancelTasks(chunk, [0], now)],
    ['given up', (chunk: Chunk, now: number) => discardTask(chunk, 0, 1, now)],
  ])('that is %s while it waits for another run has ended then, and not with the run before', (_, end) => {
    const chunk = bundleOf(1);
    run(chunk, acceptedAt + second, { failed: [0] });
    deferTask(chunk, 0, 1, acceptedAt + 5 * hour);
    end(chunk, acceptedAt + hour);
    expect(timesOf(chunk)).toEqual({ began: acceptedAt + second + 5, ended: acceptedAt + hour });
  });

  test.each(['unsafe', 'idempotent'] as const)('whose %s task goes with its worker has ended with that', (safety) => {
    const chunk = bundleOf(1, safety);
    run(chunk, acceptedAt + second, { failed: [0] });
    chunk.state.tookUs[0] = 0xffffffff;
    retryTask(chunk, 0, 1);
    const { fence } = lease(chunk, acceptedAt + hour);
    startTasks(chunk, fence, [[0, acceptedAt + hour]], acceptedAt + hour);
    loseLease(chunk, fence, lossOf(acceptedAt + hour + second));
    expect(timesOf(chunk)).toEqual({ began: acceptedAt + second + 5, ended: acceptedAt + hour + second });
    expect(viewTask(chunk, 0)).toMatchObject({ duration_ms: second });
  });

  test('ends with the run that its lost worker tells of after all', () => {
    const chunk = bundleOf(1, 'unsafe');
    const held = lease(chunk, acceptedAt);
    loseLease(chunk, held.fence, lossOf(acceptedAt + hour));
    recordOutcome(chunk, reportOf(held, { done: [0] }), acceptedAt + 2 * hour);
    expect(timesOf(chunk)).toEqual({ began: acceptedAt + second + 5, ended: acceptedAt + second + 5 + 2 });
  });

  test('that a person has run again has not ended, and ends with that run', () => {
    const chunk = bundleOf(1, 'unsafe');
    loseLease(chunk, lease(chunk, acceptedAt).fence, lossOf(acceptedAt + hour));
    requeueTask(chunk, 0, 1, undefined, acceptedAt + 2 * hour);
    expect(timesOf(chunk).ended).toBeNull();
    run(chunk, acceptedAt + 3 * hour, { done: [0] });
    expect(timesOf(chunk).ended).toBe(acceptedAt + 3 * hour + 5 + 2);
  });

  test('pays for none of it where its task runs once', () => {
    const chunk = bundleOf(1);
    const held = lease(chunk, acceptedAt);
    startTasks(chunk, held.fence, [[0, acceptedAt]], acceptedAt);
    recordOutcome(chunk, reportOf(held, { done: [0] }), acceptedAt + 2 * second);
    expect(kept(chunk)).toEqual([{}, {}]);
  });

  test('is alone in that: a job with a record has its times there', () => {
    const chunk = chunkOf(1);
    run(chunk, acceptedAt + second, { failed: [0] });
    retryTask(chunk, 0, 1);
    run(chunk, acceptedAt + hour, { done: [0] });
    expect(kept(chunk)).toEqual([{}, {}]);
  });
});
