import { Injectable } from '@nestjs/common';
import { ProblemError, jobIdOf, type BatchJob, type JobReceipt, type Unique } from '@kintsugi/contracts';
import { tracing } from '@kintsugi/tracing';
import { CheckDependencies } from '../../dependencies/check-dependencies.js';
import { FollowParents } from '../../directory/follow-parents.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { NewIds } from '../../platform/new-ids.js';
import { sequenceOf } from '../../tasks/domain/chunk-sequence.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import type { GivenHead } from '../../tasks/domain/job-head.js';
import { freshChunk, type GivenWith } from '../domain/fresh-chunks.js';
import { ChunkedIntake, type MakeChunk } from './chunked-intake.js';
import { UniqueJobs } from './unique-jobs.js';

/** Chunks that are read and staged together. */
const chunksPerPage = 8;

/** Makes a job of the tasks of another one, as they were handed in or planned. */
@Injectable()
export class CopyJob {
  constructor(
    private readonly chunked: ChunkedIntake,
    private readonly unique: UniqueJobs,
    private readonly dependencies: CheckDependencies,
    private readonly followParents: FollowParents,
    private readonly ids: NewIds,
  ) {}

  /** @param retryCount which retry of the other one it is @param requireStill as of `ofChunks` */
  async execute(original: JobHandle, retryCount: number, requireStill: () => Promise<void>): Promise<JobReceipt> {
    const job = original.view();
    if (job.total_tasks !== null) {
      return this.ofChunks(original, retryCount, () => pagesOf(original, Number(job.total_tasks)), requireStill);
    }
    const jobId = jobIdOf(this.ids.uuid());
    const given = await this.givenWith(original);
    const head = await this.headOfRun(job, retryCount);
    return this.unique.admit({ ...given, jobId, unique: uniqueOfRun(job), runOf: job.id }, () =>
      // One whose planning has failed is planned again.
      this.chunked.acceptPlanned(jobId, head, given),
    );
  }

  /** Makes a job of chunks that somebody makes of those of another, anew where its key has to be waited for. `requireStill` throws where it is not wanted any more once all are there. @param otherwise what it is held to otherwise than the other one */
  async ofChunks(
    original: JobHandle,
    retryCount: number,
    pages: () => AsyncIterable<readonly MakeChunk[]>,
    requireStill: () => Promise<void>,
    otherwise: Partial<GivenHead> = {},
  ): Promise<JobReceipt> {
    const job = original.view();
    const jobId = jobIdOf(this.ids.uuid());
    const given = await this.givenWith(original);
    const head = { ...(await this.headOfRun(job, retryCount)), ...otherwise };
    return this.unique.admit({ ...given, jobId, unique: uniqueOfRun(job), runOf: job.id }, () =>
      this.chunked.acceptStreamed(jobId, head, given, pages(), requireStill),
    );
  }

  /** It begins once what goes before it has ended, and has no time and no deadline, whatever the other one had. */
  private async headOfRun(job: BatchJob, retry_count: number) {
    const own = { run_at: undefined, deadline_at: undefined, awaited_jobs: undefined, original_job_id: job.id, retry_count };
    return { ...job, ...own, with_parent: await this.followParents.fatesNow(job) };
  }

  private async givenWith(original: JobHandle): Promise<GivenWith> {
    const job = original.view();
    const { type, user_id: userId, tenant } = job;
    const traceparent = traceparentOfRun(original);
    return { type, userId, tenant, dependencies: await this.dependencies.ofRun(job), traceparent };
  }
}

/** It follows on the other one; where whoever asks for it is not traced, its attempts do so themselves. */
function traceparentOfRun({ traceparent: ofOriginal }: JobHandle): string | undefined {
  const on = tracing();
  if (on && ofOriginal !== undefined) on.link(ofOriginal);
  return on ? (on.current ?? ofOriginal) : undefined;
}

/** Another job is no run of this one, though it holds the key. */
function uniqueOfRun({ unique }: BatchJob): Unique | undefined {
  return unique?.on_conflict === 'return' ? { ...unique, on_conflict: 'reject' } : unique;
}

/**
 * The chunks of a job some at a time, each where it belongs. Throws where the job is deleted meanwhile: half of it is not what was
 * asked for, and behind a chunk that is gone no task is at its place.
 */
export async function* chunksOf(original: JobHandle, total: number): AsyncGenerator<Chunk[]> {
  let read = 0;
  for (let sequence = 0; ; sequence += chunksPerPage) {
    const chunks = await original.chunks(sequence, null, chunksPerPage);
    if (chunks.length === 0) break;
    for (const [at, chunk] of chunks.entries()) {
      // A bundle, which has no job of its own, is all that there is.
      if (chunk.identity.jobId !== null && sequenceOf(chunk) !== sequence + at) throw beingDeleted(original);
      const { from, to } = original.placesIn(chunk);
      read += (chunk.lines ?? []).slice(from, to).length;
    }
    yield chunks;
  }
  if (read !== total) throw beingDeleted(original);
}

function beingDeleted({ id }: JobHandle): ProblemError {
  return new ProblemError('STATE_CONFLICT', `Not all tasks of ${id} are there any more: it is being deleted. Nothing was made.`);
}

async function* pagesOf(original: JobHandle, total: number): AsyncGenerator<MakeChunk[]> {
  for await (const chunks of chunksOf(original, total)) {
    yield chunks.map((chunk): MakeChunk => {
      const { from, to } = original.placesIn(chunk);
      return (owner, sequence, at) => freshChunk(owner, sequence, (chunk.lines ?? []).slice(from, to), at);
    });
  }
}
