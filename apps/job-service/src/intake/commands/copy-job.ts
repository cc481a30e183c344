import { Injectable } from '@nestjs/common';
import { ProblemError, jobIdOf, type JobReceipt } from '@kintsugi/contracts';
import type { JobHandle } from '../../directory/job-handle.js';
import { NewIds } from '../../platform/new-ids.js';
import { ChunkedIntake } from './chunked-intake.js';
import { UniqueJobs } from './unique-jobs.js';

/** Chunks that are read and staged together. */
const chunksPerPage = 8;

/** Makes a job of the tasks of another one, as they were handed in or planned. */
@Injectable()
export class CopyJob {
  constructor(
    private readonly chunked: ChunkedIntake,
    private readonly unique: UniqueJobs,
    private readonly ids: NewIds,
  ) {}

  /** @param retryCount which retry of the other one it is */
  async execute(original: JobHandle, retryCount: number): Promise<JobReceipt> {
    const job = original.view();
    const jobId = jobIdOf(this.ids.uuid());
    // It begins now and has no deadline, whatever the other one had.
    const data = { ...job, run_at: undefined, deadline_at: undefined, original_job_id: job.id, retry_count: retryCount };
    const given = { type: job.type, userId: job.user_id, tenant: job.tenant };
    const { total_tasks: total, unique } = job;
    return this.unique.admit({ ...given, jobId, unique }, () => {
      // One whose planning has failed is planned again.
      if (total === null) return this.chunked.acceptPlanned(jobId, data, given);
      return this.chunked.acceptStreamed(jobId, data, given, pagesOf(original, total));
    });
  }
}

/** Throws where the job that is copied is deleted meanwhile: half of it is not what was asked for. */
async function* pagesOf(original: JobHandle, total: number): AsyncGenerator<string[][]> {
  let read = 0;
  for (let sequence = 0; ; sequence += chunksPerPage) {
    const chunks = await original.chunks(sequence, null, chunksPerPage);
    if (chunks.length === 0) break;
    const groups = chunks.map((chunk) => {
      const { from, to } = original.placesIn(chunk);
      return (chunk.lines ?? []).slice(from, to);
    });
    read += groups.reduce((sum, { length }) => sum + length, 0);
    yield groups;
  }
  if (read !== total) {
    throw new ProblemError(
      'STATE_CONFLICT',
      `Only ${read} of the ${total} tasks are there any more: the job is being deleted. Nothing was made.`,
    );
  }
}
