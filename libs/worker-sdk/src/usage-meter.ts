import { bundledJobId, sampledJobsMax, type LeaseOutcome, type UsageSample, type WorkHeader } from '@kintsugi/contracts';
import type { HeldLease } from './held-lease.js';

/** Runs of jobs of one task are told of by themselves only where they take so long: there may be thousands a second. */
const longRunMs = 1_000;

type JobUsage = UsageSample['jobs'][number];

/** What the process used within a span. */
export interface ProcessUse {
  spanMs: number;
  cpuMs: number;
  memoryMib: number;
  loopShare: number;
}

/** What a run has used outside of this process, since it began. */
export interface OwnUse {
  cpuMs: number;
  memoryMib: number | null;
}

/** Adds up what jobs use between two samples, by the reports that leave anyway and the runs under way. */
export class UsageMeter {
  private jobs = new Map<string, JobUsage>();
  private totals = { busy_ms: 0, done: 0, failed: 0 };
  /** CPU of runs under way that was told of, by run. */
  private readonly own = new Map<string, number>();
  /** Queues whose runs use processes of their own. */
  private readonly measured = new Set<string>();

  /** @param since when the span began, in epoch ms by this process's clock */
  constructor(private since: number) {}

  /** Runs that have ended, as they are reported. */
  noteReport(header: WorkHeader, outcome: LeaseOutcome): void {
    for (let at = 0; at < outcome.done.length; at += 1) {
      this.noteEnd(
        header,
        outcome.done[at] as number,
        outcome.base_ms + (outcome.started[at] ?? 0),
        outcome.took_us[at] ?? 0,
        true,
      );
    }
    for (const { index, started, took_us: tookUs } of outcome.failed) {
      this.noteEnd(header, index, outcome.base_ms + started, tookUs, false);
    }
  }

  /** What a run has used so far outside of this process. */
  noteOwnUse(header: WorkHeader, index: number, use: OwnUse, hasEnded: boolean): void {
    const key = `${header.chunk_id}#${header.fence}#${index}`;
    this.measured.add(header.queue);
    const job = this.jobOf(jobIdOf(header, index), true);
    job.cpu_ms += Math.max(0, use.cpuMs - (this.own.get(key) ?? 0));
    if (use.memoryMib !== null) job.memory_mib = Math.max(job.memory_mib ?? 0, use.memoryMib);
    if (hasEnded) this.own.delete(key);
    else this.own.set(key, use.cpuMs);
  }

  /** Whether nothing has run since the sample before. */
  isIdle(leases: Iterable<HeldLease>): boolean {
    if (this.totals.done + this.totals.failed > 0 || this.jobs.size > 0) return false;
    for (const { running } of leases) if (running.size > 0) return false;
    return true;
  }

  /** What was used since the sample before, with the runs under way; the next span begins. */
  sample(leases: Iterable<HeldLease>, now: number, use: ProcessUse): Omit<UsageSample, 'v' | 'worker_id' | 'host' | 'slots'> {
    for (const { header, running } of leases) this.noteRunning(header, running, now);
    const jobs = [...this.jobs.values()];
    const shared = jobs.filter(({ measured }) => !measured);
    const sharedMs = shared.reduce((sum, { busy_ms: busy }) => sum + busy, 0);
    const otherMs = Math.max(0, this.totals.busy_ms - jobs.reduce((sum, { busy_ms: busy }) => sum + busy, 0));
    for (const job of shared) {
      job.cpu_ms = sharedMs === 0 ? 0 : rounded((use.cpuMs * job.busy_ms) / (sharedMs + otherMs));
      job.memory_mib = rounded(use.memoryMib);
    }
    const { busy_ms: busyMs, ...ended } = this.totals;
    this.jobs = new Map();
    this.totals = { busy_ms: 0, done: 0, failed: 0 };
    this.since = now;
    return {
      span_ms: Math.round(use.spanMs),
      ...{ busy_ms: rounded(busyMs), cpu_ms: rounded(use.cpuMs), memory_mib: rounded(use.memoryMib) },
      loop_share: Math.min(1, Math.max(0, rounded(use.loopShare))),
      ...ended,
      jobs: jobs
        .sort((a, b) => b.busy_ms - a.busy_ms)
        .slice(0, sampledJobsMax)
        .map((job) => ({ ...job, busy_ms: rounded(job.busy_ms), cpu_ms: rounded(job.cpu_ms), run_ms: rounded(job.run_ms) })),
    };
  }

  private noteEnd(header: WorkHeader, index: number, startedAt: number, tookUs: number, isDone: boolean): void {
    const tookMs = tookUs / 1_000;
    const busyMs = Math.max(0, Math.min(tookMs, startedAt + tookMs - this.since));
    this.totals.busy_ms += busyMs;
    this.totals[isDone ? 'done' : 'failed'] += 1;
    const measured = this.measured.has(header.queue);
    if (header.job_id === null && tookMs < longRunMs && !measured) return;
    const job = this.jobOf(jobIdOf(header, index), measured);
    job.busy_ms += busyMs;
    job.run_ms += tookMs;
    job[isDone ? 'done' : 'failed'] += 1;
  }

  private noteRunning(header: WorkHeader, running: HeldLease['running'], now: number): void {
    for (const [index, { run, startedAt }] of running) {
      const busyMs = Math.max(0, now - Math.max(startedAt, this.since));
      this.totals.busy_ms += busyMs;
      if (run.ownUse) this.noteOwnUse(header, index, run.ownUse, false);
      if (header.job_id === null && now - startedAt < longRunMs) continue;
      this.jobOf(jobIdOf(header, index), this.measured.has(header.queue)).busy_ms += busyMs;
    }
  }

  private jobOf(jobId: string, measured: boolean): JobUsage {
    const known = this.jobs.get(jobId);
    if (known) {
      known.measured ||= measured;
      return known;
    }
    const job = { job_id: jobId, busy_ms: 0, cpu_ms: 0, memory_mib: null, measured, done: 0, failed: 0, run_ms: 0 };
    this.jobs.set(jobId, job);
    return job;
  }
}

function jobIdOf(header: WorkHeader, index: number): string {
  return header.job_id ?? bundledJobId(header.chunk_id, index);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
