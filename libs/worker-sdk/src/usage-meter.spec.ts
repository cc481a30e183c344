import { describe, expect, test } from '@jest/globals';
import { sampledJobsMax, type LeaseOutcome, type WorkHeader } from '@kintsugi/contracts';
import { HeldLease } from './held-lease.js';
import { TaskRun } from './task-context.js';
import { UsageMeter } from './usage-meter.js';

const chunkId = '01890a5d-ac96-774b-bcce-b302099a8057.0';

const headerOf = (jobId: string | null, queue = 'send', indexes = [0, 1, 2]): WorkHeader => ({
  ...{ v: 1, chunk_id: chunkId, job_id: jobId, fence: 1, queue, safety: 'idempotent' },
  ...{ indexes, attempts: indexes.map(() => 1) },
});

const outcomeOf = (startedAt: number, tookMs: number[], failedMs: number[] = []): LeaseOutcome => ({
  ...{ chunk_id: chunkId, fence: 1, base_ms: startedAt, returned: [] },
  done: tookMs.map((_, index) => index),
  started: tookMs.map(() => 0),
  took_us: tookMs.map((ms) => ms * 1_000),
  failed: failedMs.map((ms, at) => ({
    ...{ index: tookMs.length + at, started: 0, took_us: ms * 1_000, error_type: 'a.b', error_message: 'm' },
  })),
});

const use = { spanMs: 5_000, cpuMs: 1_000, memoryMib: 80, loopShare: 0.25 };

function running(header: WorkHeader, index: number, startedAt: number): { lease: HeldLease; run: TaskRun } {
  const lease = new HeldLease(header, startedAt);
  const run = new TaskRun({ id: 't', key: null, job_id: header.job_id ?? 'j', type: 't', payload: null }, 1);
  lease.running.set(index, { run, startedAt });
  return { lease, run };
}

describe('what jobs use of the process that they share', () => {
  test('is its CPU by the time that their runs took, and its memory', () => {
    const meter = new UsageMeter(0);
    meter.noteReport(headerOf('job_a'), outcomeOf(1_000, [300, 300], [150]));
    meter.noteReport(headerOf('job_b'), outcomeOf(2_000, [250]));
    expect(meter.sample([], 5_000, use)).toEqual({
      ...{ span_ms: 5_000, busy_ms: 1_000, cpu_ms: 1_000, memory_mib: 80, loop_share: 0.25, done: 3, failed: 1 },
      jobs: [
        { job_id: 'job_a', busy_ms: 750, cpu_ms: 750, memory_mib: 80, measured: false, done: 2, failed: 1, run_ms: 750 },
        { job_id: 'job_b', busy_ms: 250, cpu_ms: 250, memory_mib: 80, measured: false, done: 1, failed: 0, run_ms: 250 },
      ],
    });
    expect(meter.sample([], 10_000, use)).toMatchObject({ busy_ms: 0, done: 0, jobs: [] });
  });

  test('is of the span only, for runs that began before it or go on', () => {
    const meter = new UsageMeter(10_000);
    meter.noteReport(headerOf('job_a'), outcomeOf(4_000, [8_000]));
    const { lease } = running(headerOf('job_b'), 0, 3_000);
    expect(meter.sample([lease], 15_000, use).jobs).toMatchObject([
      { job_id: 'job_b', busy_ms: 5_000, run_ms: 0, done: 0 },
      { job_id: 'job_a', busy_ms: 2_000, run_ms: 8_000, done: 1 },
    ]);
  });

  test('is told of jobs of one task only where they are long, and the rest takes its part of the CPU', () => {
    const meter = new UsageMeter(0);
    meter.noteReport(headerOf(null), outcomeOf(0, [500, 1_500]));
    const { busy_ms: busy, jobs } = meter.sample([], 5_000, use);
    expect({ busy, jobs }).toMatchObject({ busy: 2_000, jobs: [{ job_id: `job_${chunkId.slice(0, -2)}.1`, cpu_ms: 750 }] });
  });

  test('is told of the busiest jobs where there are very many', () => {
    const meter = new UsageMeter(0);
    for (let job = 0; job < 300; job += 1) meter.noteReport(headerOf(`job_${job}`), outcomeOf(0, [job]));
    const { jobs } = meter.sample([], 5_000, use);
    expect(jobs).toHaveLength(sampledJobsMax);
    expect(jobs[0]?.job_id).toBe('job_299');
  });
});

describe('what jobs use of processes of their own', () => {
  test('is what is told of them, each part once, and nothing of the shared one', () => {
    const meter = new UsageMeter(0);
    const command = running(headerOf('job_cli', 'cli'), 0, 0);
    command.run.usage({ cpu_ms: 400, memory_mib: 30 });
    const shared = running(headerOf('job_a'), 0, 2_500);
    expect(meter.sample([command.lease, shared.lease], 5_000, use).jobs).toMatchObject([
      { job_id: 'job_cli', cpu_ms: 400, memory_mib: 30, measured: true },
      { job_id: 'job_a', cpu_ms: 1_000, measured: false },
    ]);
    command.run.usage({ cpu_ms: 1_000, memory_mib: 20 });
    meter.noteOwnUse(command.lease.header, 0, command.run.ownUse ?? { cpuMs: 0, memoryMib: null }, true);
    meter.noteReport(command.lease.header, outcomeOf(0, [6_000]));
    expect(meter.sample([], 10_000, use).jobs).toMatchObject([
      { job_id: 'job_cli', cpu_ms: 600, memory_mib: 20, measured: true, done: 1, busy_ms: 1_000 },
    ]);
  });

  test('never becomes less, and nonsense is not taken', () => {
    const { run } = running(headerOf('job_cli', 'cli'), 0, 0);
    run.usage({ cpu_ms: 100, memory_mib: null });
    run.usage({ cpu_ms: 50, memory_mib: Number.NaN });
    run.usage({ cpu_ms: Number.NaN, memory_mib: 1 });
    expect(run.ownUse).toEqual({ cpuMs: 100, memoryMib: null });
  });
});

test('a worker is idle while nothing runs and nothing has', () => {
  const meter = new UsageMeter(0);
  expect(meter.isIdle([])).toBe(true);
  expect(meter.isIdle([running(headerOf('job_a'), 0, 0).lease])).toBe(false);
  meter.noteReport(headerOf(null), outcomeOf(0, [1]));
  expect(meter.isIdle([])).toBe(false);
});
