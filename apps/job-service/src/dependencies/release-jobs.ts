import { Injectable } from '@nestjs/common';
import { after, every, soon } from '@kintsugi/boundary';
import { isFinished } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { untilReachable } from '@kintsugi/persistence';
import { JobClock } from '../dispatch/job-clock.js';
import { ExternalJobs } from '../external/external-jobs.js';
import { endOf, jobOfAwait, type AwaitedEnd } from '../jobs/domain/awaits-of-job.js';
import type { JobRecord } from '../jobs/domain/job.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobWaits } from '../jobs/job-waits.js';
import { Clock } from '../platform/clock.js';
import { ChunkChanges, type WrittenChange } from '../tasks/chunk-changes.js';
import { bundledJobEnd } from '../tasks/domain/bundled-job-status.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { AwaitedJobs } from './awaited-jobs.js';

/** Ends that are settled in one go, and jobs looked at together. */
const groupMax = 256;
const againMs = 1_000;
const lookEveryMs = 30_000;

/**
 * Lets jobs go on once those that they wait for have ended. What a job waits for is in its record, and one write frees all that wait for
 * an end, or has them given up; the clock of jobs does the rest. An end that a crash left untold is found at the start.
 */
@Injectable()
export class ReleaseJobs {
  private readonly awaited = new AwaitedJobs();
  private readonly ends = new Map<string, AwaitedEnd>();
  private settling: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looks: NodeJS.Timeout | null = null;
  /** The last of the jobs that were looked at; empty where the next are the first. */
  private lookedAt = '';
  private isStopped = false;

  constructor(
    private readonly waits: JobWaits,
    ledger: JobLedger,
    external: ExternalJobs,
    changes: ChunkChanges,
    private readonly jobClock: JobClock,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {
    ledger.onEnded(({ _id, status }) => this.noteEnd(_id, status));
    external.onEnded(({ _id, status }) => this.noteEnd(_id, status));
    changes.observe({ written: (change) => this.noteBundle(change) });
  }

  /** Settles what has ended while nobody led, and looks again at some of what waits now and then. */
  async start(): Promise<void> {
    do await this.look();
    while (this.lookedAt !== '');
    this.looks = every('release-jobs.look', lookEveryMs, () => this.look());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.looks) clearInterval(this.looks);
    if (this.timer) clearTimeout(this.timer);
    await this.settling;
  }

  /** Holds some of the jobs that wait against those that they wait for. */
  private async look(): Promise<void> {
    const page = await this.waits.waiting(this.lookedAt, groupMax);
    this.lookedAt = page.length < groupMax ? '' : (page.at(-1)?._id ?? '');
    for (const job of page) this.expect(job);
    await this.settleEnded([...new Set(page.flatMap(({ awaits }) => awaits.map(jobOfAwait)))]);
  }

  /** A job is about to be accepted that waits: from now on nothing that it waits for ends unnoticed. */
  expect({ awaits = [] }: Pick<JobRecord, 'awaits'>): void {
    for (const awaited of awaits) this.awaited.add(jobOfAwait(awaited));
  }

  /** Whether others may wait for a job. It may say so of one for which nobody does. */
  isAwaited(jobId: string): boolean {
    return this.awaited.has(jobId);
  }

  /** It has been accepted: what had ended before it was expected is settled. */
  async begin(job: JobRecord): Promise<void> {
    const { _id, awaits = [] } = job;
    // One of them may have ended since, and run again.
    this.expect(job);
    await this.settleEnded(awaits.map(jobOfAwait), _id);
  }

  /** Settles what waits for jobs that are about to be deleted: afterwards nobody knows how they ended. */
  async settleBeforeDeletion(jobIds: readonly string[]): Promise<void> {
    const awaited = jobIds.filter((id) => this.awaited.has(id));
    if (awaited.length > 0) await this.settleEnded(awaited);
  }

  private async settleEnded(jobIds: readonly string[], only?: string): Promise<void> {
    for (let from = 0; from < jobIds.length; from += groupMax) {
      const group = jobIds.slice(from, from + groupMax);
      const standings = await untilReachable(() => this.waits.standings(group));
      const ends = group.map((id) => endOf(id, standings.get(id)?.status)).filter((end) => end !== null);
      if (ends.length > 0) await this.settle(ends, only);
    }
  }

  private async settle(ends: readonly AwaitedEnd[], only?: string): Promise<void> {
    const now = this.clock.now();
    await untilReachable(() => this.waits.settle(ends, new Date(now), only));
    this.jobClock.note(now);
  }

  private noteBundle({ chunk, state: { states } }: WrittenChange): void {
    if (chunk.identity.jobId !== null) return;
    const awaited = this.awaited.inBundle(chunk.id);
    if (awaited?.size === 0) return;
    for (const [index, job] of (chunk.identity.jobs ?? []).entries()) {
      if (!job || (awaited && !awaited.has(job.id))) continue;
      const state = Chunk.stateOfCode(states[index] ?? 0);
      const end = state && bundledJobEnd(state);
      if (end) this.take({ jobId: job.id, became: end });
    }
  }

  private noteEnd(jobId: string, status: JobRecord['status']): void {
    if (isFinished(status) && this.awaited.has(jobId)) this.take({ jobId, became: status });
  }

  /** What ends in one turn is settled together. */
  private take(end: AwaitedEnd): void {
    this.ends.set(end.jobId, end);
    if (this.settling || this.timer || this.isStopped) return;
    this.settling = new Promise((done) => {
      soon('release-jobs', () => this.settleAll().then(done, done));
    });
  }

  private async settleAll(): Promise<void> {
    try {
      while (this.ends.size > 0 && !this.isStopped) {
        const group = [...this.ends.values()].slice(0, groupMax);
        // Whoever comes to wait for one of them from here on expects it anew.
        for (const { jobId } of group) this.awaited.delete(jobId);
        await this.settle(group);
        // One may have ended anew meanwhile.
        for (const end of group) if (this.ends.get(end.jobId) === end) this.ends.delete(end.jobId);
      }
    } catch (error) {
      this.faults.report(error);
      if (!this.isStopped) this.timer = after('release-jobs.again', againMs, () => this.tryAgain());
    } finally {
      this.settling = null;
    }
  }

  private tryAgain(): void {
    this.timer = null;
    const [end] = this.ends.values();
    if (end) this.take(end);
  }
}
