import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  type CommitUpload,
  type JobHead,
  type JobReceipt,
  type TaskCounts,
  type TaskState,
} from '@kintsugi/contracts';
import { Turns } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import { ReleaseJobs } from '../../dependencies/release-jobs.js';
import { JobClock } from '../../dispatch/job-clock.js';
import { OpenTasks } from '../../dispatch/open-tasks.js';
import type { JobRecord } from '../../jobs/domain/job.js';
import { Deletions } from '../../jobs/deletions.js';
import { JobLedger } from '../../jobs/job-ledger.js';
import { JobOutbox } from '../../jobs/job-outbox.js';
import { JobRecords } from '../../jobs/job-records.js';
import { Clock } from '../../platform/clock.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import type { GivenHead } from '../../tasks/domain/job-head.js';
import { StagedChunks } from '../../tasks/staged-chunks.js';
import {
  countsAtFirst,
  freshChunk,
  freshJob,
  ownerOf,
  planChunk,
  type ChunkOwner,
  type GivenWith,
} from '../domain/fresh-chunks.js';
import { createdEvent } from '../domain/created-event.js';
import { Staging } from './staging.js';

type Head = Omit<JobHead, 'type' | 'idempotency_key' | 'validate_only'>;

/** Makes a chunk of a job at its place. */
export type MakeChunk = (owner: ChunkOwner, sequence: number, acceptedAt: number) => Chunk;

/** A head as it comes in, or as that of another job was kept. */
type CopiedHead = Omit<GivenHead, 'type' | 'user_id' | 'tenant'>;

/**
 * Accepts jobs that own their chunks. The chunks are staged first; writing the job is what accepts it; then the chunks
 * are made real. A crash in between leaves either nothing that counts, or a job whose chunks are opened at the start.
 */
@Injectable()
export class ChunkedIntake {
  constructor(
    private readonly jobs: JobRecords,
    private readonly deletions: Deletions,
    private readonly staged: StagedChunks,
    private readonly staging: Staging,
    private readonly ledger: JobLedger,
    private readonly openTasks: OpenTasks,
    private readonly jobClock: JobClock,
    private readonly releaseJobs: ReleaseJobs,
    private readonly outbox: JobOutbox,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly turns: Turns,
  ) {}

  async accept(jobId: string, data: Head, given: GivenWith, groups: string[][]): Promise<JobReceipt> {
    const { staging, clock } = this;
    const total = groups.reduce((sum, { length }) => sum + length, 0);
    const job = freshJob(jobId, data, { ...given, total, chunks: groups.length, now: clock.now() });
    const owner = ownerOf(job);
    const stagedAt = clock.now();
    const chunks: Chunk[] = [];
    for (const [sequence, lines] of groups.entries()) {
      // Which tasks of a chunk wait for others is found by parsing them.
      if (sequence > 0) await this.turns.next();
      chunks.push(freshChunk(owner, sequence, lines, stagedAt));
    }
    await staging.stageAll(chunks.map((chunk) => ({ change: chunk.takeChange(), stagedAt })));
    return this.admit(
      withBlocked(
        job,
        chunks.reduce((sum, chunk) => sum + chunk.count('blocked'), 0),
      ),
    );
  }

  /** Makes a job of chunks that come some at a time. Where `requireStill` throws once all are there, they are dropped. */
  async acceptStreamed(
    jobId: string,
    data: CopiedHead,
    given: GivenWith,
    pages: AsyncIterable<readonly MakeChunk[]>,
    requireStill: () => Promise<void>,
  ): Promise<JobReceipt> {
    const { staging, clock } = this;
    const job = freshJob(jobId, data, { ...given, total: 0, chunks: 0, now: clock.now() });
    const owner = ownerOf(job);
    const known = { total: 0, chunks: 0 };
    const counts: TaskCounts = {};
    for await (const page of pages) {
      const stagedAt = clock.now();
      const chunks = page.map((make, index) => make(owner, known.chunks + index, stagedAt));
      for (const chunk of chunks) {
        known.total += chunk.identity.count;
        for (const [state, count] of Object.entries(chunk.tally()) as [TaskState, number][]) {
          counts[state] = (counts[state] ?? 0) + count;
        }
      }
      known.chunks += chunks.length;
      await staging.stageAll(chunks.map((chunk) => ({ change: chunk.takeChange(), stagedAt })));
    }
    try {
      await requireStill();
    } catch (error) {
      await untilReachable(() => this.staged.dropStaged(jobId));
      throw error;
    }
    const { ready: _, blocked = 0, ...ended } = counts;
    const counted = withBlocked({ ...job, total_tasks: known.total, chunks: known.chunks }, blocked);
    return this.admit(Object.keys(ended).length > 0 ? { ...counted, task_counts: counts, opening: counts } : counted);
  }

  async acceptPlanned(jobId: string, data: CopiedHead, given: GivenWith): Promise<JobReceipt> {
    const { staging, clock } = this;
    const job = freshJob(jobId, data, { ...given, total: null, chunks: null, now: clock.now() });
    const stagedAt = clock.now();
    await staging.stageAll([{ change: planChunk(ownerOf(job), job, stagedAt).takeChange(), stagedAt }]);
    return this.admit(job);
  }

  /** Makes a job of an upload, if all of it has arrived. A commit that comes again gets the same answer. */
  async commit(upload: CommitUpload, data: Head, given: GivenWith): Promise<JobReceipt> {
    const { jobs, clock } = this;
    if (await untilReachable(() => this.deletions.has(upload.job_id))) {
      throw new ProblemError(
        'JOB_NOT_FOUND',
        `The job ${upload.job_id} was deleted. Send the upload again, which makes another.`,
      );
    }
    const staged = await untilReachable(() => this.staged.countStaged(upload.job_id));
    if (staged.chunks !== upload.chunks || staged.tasks !== upload.total_tasks) {
      const committed = await untilReachable(() => jobs.find(upload.job_id));
      if (committed) return receiptOf(committed);
      throw new ProblemError(
        'UPLOAD_CONFLICT',
        `Of ${upload.total_tasks} tasks in ${upload.chunks} chunks, ${staged.tasks} in ${staged.chunks} have arrived. Nothing was accepted; send the upload again.`,
      );
    }
    const job = freshJob(upload.job_id, data, { ...given, total: upload.total_tasks, chunks: upload.chunks, now: clock.now() });
    return this.admit(withBlocked(job, staged.blocked));
  }

  /** Forgets an upload. One that has become a job is a job, whoever gave it up meanwhile. */
  async abandon(jobId: string): Promise<{ staged: number }> {
    const committed = await this.jobs.find(jobId);
    return { staged: committed ? 0 : await this.staged.dropStaged(jobId) };
  }

  /** Safe to repeat: it is also done at the start. */
  open(job: JobRecord): Promise<void> {
    return this.openTasks.execute(job);
  }

  private async admit(fresh: JobRecord): Promise<JobReceipt> {
    const { jobs, staged, ledger, outbox, metrics } = this;
    const event = createdEvent(fresh, this.clock.now());
    const job: JobRecord = { ...fresh, events: 1, outbox: [event] };
    this.releaseJobs.expect(job);
    const isNew = await untilReachable(() => jobs.insert(job));
    // A job that is there and not at work is ours as well: it was written by a try whose answer was lost.
    if (isNew || !ledger.get(job._id)) {
      if (job.status !== 'scheduled') ledger.enter(job);
      outbox.publish(job._id, event);
      metrics.count('kintsugi_jobs_accepted_total', { type: job.type });
      metrics.count('kintsugi_tasks_accepted_total', { type: job.type }, job.total_tasks ?? 0);
      if (job.status !== 'scheduled') await this.open(job);
      else await untilReachable(() => staged.keepStaged(job._id));
      if (job.wake_at) this.jobClock.note(job.wake_at.getTime());
      await this.releaseJobs.begin(job);
    }
    return receiptOf(job);
  }
}

function withBlocked(job: JobRecord, blocked: number): JobRecord {
  const task_counts = countsAtFirst(job.total_tasks ?? 0, blocked);
  return blocked > 0 ? { ...job, blocked_tasks: blocked, task_counts } : { ...job, task_counts };
}

function receiptOf(job: JobRecord): JobReceipt {
  return { job_id: job._id, status: job.status, total_tasks: job.total_tasks, replayed: false };
}
