import type { UsageSample } from '@kintsugi/contracts';

/** What one job used on one worker, or a worker in all, in one span. All times are epoch milliseconds. */
export interface UsageRecord {
  kind: 'job' | 'worker';
  /** The job, or the worker itself. */
  id: string;
  worker: string;
  /** The middle of the span. */
  at: number;
  /** How long it is, or how much of it was sampled. */
  spanMs: number;
  busyMs: number;
  cpuMs: number;
  memoryMib: number | null;
  measured: boolean;
  done: number;
  failed: number;
  runMs: number;
}

/**
 * The records of a sample, placed by the clock of whoever takes it in: workers have clocks of their own.
 * @param now when it came
 */
export function recordsOf(sample: UsageSample, now: number): UsageRecord[] {
  const { worker_id: worker, span_ms: spanMs } = sample;
  const at = now - Math.round(spanMs / 2);
  const own: UsageRecord = {
    ...{ kind: 'worker', id: worker, worker, at, spanMs },
    ...{ busyMs: sample.busy_ms, cpuMs: sample.cpu_ms, memoryMib: sample.memory_mib, measured: true },
    ...{ done: sample.done, failed: sample.failed, runMs: 0 },
  };
  const jobs = sample.jobs.map((job): UsageRecord => ({
    ...{ kind: 'job', id: job.job_id, worker, at, spanMs },
    ...{ busyMs: job.busy_ms, cpuMs: job.cpu_ms, memoryMib: job.memory_mib, measured: job.measured },
    ...{ done: job.done, failed: job.failed, runMs: job.run_ms },
  }));
  return [own, ...jobs];
}

export const resolutions = ['sample', 'minute', 'hour'] as const;

export type Resolution = (typeof resolutions)[number];

/** How long a record of each resolution is, at least; what is sampled is as long as workers make it. */
export const resolutionMs: Record<Resolution, number> = { sample: 10_000, minute: 60_000, hour: 3_600_000 };
