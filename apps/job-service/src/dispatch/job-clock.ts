import { Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { isFinished, uuidBoundOf } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import type { JobRecord } from '../jobs/domain/job.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobRecords } from '../jobs/job-records.js';
import { Clock } from '../platform/clock.js';
import { StagedChunks } from '../tasks/staged-chunks.js';
import { CancelTasks } from './cancel-tasks.js';
import { OpenTasks } from './open-tasks.js';
import { ReadyQueues } from './ready-queues.js';

/** Longest sleep while a job waits for its time: the clock of the machine may be set ahead meanwhile. */
const sleepMsMax = 5_000;
const afterFaultMs = 1_000;
const dueAtOnce = 32;
/** Staged chunks are forgotten after so long, unless they are kept for their job. */
const stagedMs = 24 * 3_600_000;

/**
 * Lets jobs start whose time has come and that wait for no other, and stops those whose deadline has. Until its time a job is a record with a time by which it is found, and chunks that nobody
 * looks at: however many wait, only those that are due are read. What was begun before a crash is done again.
 */
@Injectable()
export class JobClock {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private next = Infinity;
  private started = false;
  private stopped = false;

  constructor(
    private readonly jobs: JobRecords,
    private readonly staged: StagedChunks,
    private readonly ledger: JobLedger,
    private readonly openTasks: OpenTasks,
    private readonly cancelTasks: CancelTasks,
    private readonly queues: ReadyQueues,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  async start(): Promise<void> {
    // A crash may have come between the record of a job and the keeping of its chunks.
    const young = await this.jobs.scheduledFrom(`job_${uuidBoundOf(this.clock.now() - stagedMs)}`);
    for (const jobId of young) await this.staged.keepStaged(jobId);
    await this.lookAhead();
    this.started = true;
    this.arm();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** A job has been accepted that waits for a time. */
  note(at: number): void {
    if (at >= this.next) return;
    this.next = at;
    this.arm();
  }

  /** Lets those start that are due now. */
  async pass(): Promise<void> {
    for (let more = true; more && !this.stopped;) {
      const due = await this.jobs.due(new Date(this.clock.now()), dueAtOnce);
      await Promise.all(due.map((job) => this.wake(job)));
      more = due.length === dueAtOnce;
    }
    await this.lookAhead();
  }

  /** A job may be noted while the store is asked. */
  private async lookAhead(): Promise<void> {
    this.next = Infinity;
    const next = await this.jobs.nextWake();
    this.next = Math.min(this.next, next ?? Infinity);
  }

  /** Has what is left of a job stopped where its deadline has passed, or where it waits in vain. Gives when to look at the deadline. */
  private async holdToItsEnd(entry: LedgerEntry, now: number): Promise<number | null> {
    const { deadline_at: deadlineAt, status, given_up: givenUp, on_dependency_failure: rule } = entry.job;
    if (isFinished(status)) return null;
    if (givenUp) await this.ledger.move(entry, rule === 'skip' ? 'skip' : 'give_up');
    if (deadlineAt === undefined || entry.isCancelling) return null;
    const deadline = Date.parse(deadlineAt);
    if (deadline > now) return deadline;
    await this.ledger.move(entry, 'expire');
    return null;
  }

  private arm(): void {
    if (!this.started || this.stopped || this.running) return;
    if (this.timer) clearTimeout(this.timer);
    if (this.next === Infinity) return;
    const waitMs = Math.min(sleepMsMax, Math.max(0, this.next - this.clock.now()));
    this.timer = after('job-clock', waitMs, () => {
      this.running = (this.next <= this.clock.now() ? this.pass() : Promise.resolve())
        .catch((error: unknown) => {
          this.faults.report(error);
          this.next = this.clock.now() + afterFaultMs;
        })
        .finally(() => {
          this.running = null;
          this.arm();
        });
    });
  }

  /** A job that is paused keeps being so; its tasks are there from now on. */
  private async wake(seen: JobRecord): Promise<void> {
    const { jobs, ledger, openTasks, cancelTasks, queues } = this;
    const { _id: jobId, awaits, freed_at, given_up } = seen;
    await ledger.hold([jobId], async () => {
      const entry = ledger.get(jobId);
      if (!entry) return;
      // What it waits for is settled in the record alone.
      if (awaits) entry.take({ ...entry.job, awaits, ...(freed_at ? { freed_at } : {}), ...(given_up ? { given_up } : {}) });
      const now = this.clock.now();
      const deadline = await this.holdToItsEnd(entry, now);
      const runAt = Date.parse(entry.job.run_at ?? '') || 0;
      const isDue = runAt <= now && (awaits ?? []).length === 0;
      // Opened, what is to be stopped is cancelled as well.
      if (!entry.job.opened && (isDue || entry.isCancelling)) await openTasks.execute(entry.job);
      else if (entry.isCancelling) await cancelTasks.ofJob(jobId);
      if (isDue && entry.job.status === 'scheduled') await ledger.move(entry, 'release');
      const next = Math.min(deadline ?? Infinity, runAt > now && !entry.isCancelling ? runAt : Infinity);
      await jobs.noteWoken(seen, next === Infinity ? null : new Date(next));
      queues.noteRoom(jobId);
      ledger.settle(jobId);
    });
  }
}
