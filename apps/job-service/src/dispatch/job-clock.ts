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
 * Lets jobs start whose time has come, and stops those whose deadline has. Until its time a job is a record with a time by which it is found, and chunks that nobody
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

  /** Stops what is left of a job whose deadline has passed. Gives when to look again. */
  private async holdToDeadline(entry: LedgerEntry): Promise<Date | null> {
    const { deadline_at: deadlineAt, status } = entry.job;
    if (deadlineAt === undefined || isFinished(status)) return null;
    const deadline = new Date(deadlineAt);
    if (deadline.getTime() > this.clock.now()) return deadline;
    if (!entry.isCancelling && !(await this.ledger.move(entry, 'expire'))) return null;
    await this.cancelTasks.ofJob(entry.job._id);
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
  private async wake({ _id }: JobRecord): Promise<void> {
    const { jobs, ledger, openTasks, queues } = this;
    await ledger.hold([_id], async () => {
      const entry = ledger.get(_id);
      if (!entry) return;
      if (!entry.job.opened) await openTasks.execute(entry.job);
      if (entry.job.status === 'scheduled') await ledger.move(entry, 'release');
      await jobs.noteWoken(_id, await this.holdToDeadline(entry));
      queues.noteRoom(_id);
      ledger.settle(_id);
    });
  }
}
