import { Injectable } from '@nestjs/common';
import { everyCount, ProblemError, isFinished, placeOfBundledJob, typeOfLane, type BatchJob } from '@kintsugi/contracts';
import { bundledJobStatus } from '../../tasks/domain/bundled-job-status.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { bundledJobErrors, bundledJobFigures } from '../../tasks/domain/bundled-job-figures.js';
import { isoTime } from '../../tasks/domain/chunk-events.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { ChunkStore } from '../../tasks/mongo/chunk-store.js';
import { detailedStatusOf } from '../domain/job-progress.js';
import { viewJob } from '../domain/job.js';
import { JobLedger } from '../job-ledger.js';
import { JobStore } from '../mongo/job-store.js';

/** Jobs as they are now: from memory while they are at work, else from the store. */
@Injectable()
export class JobReader {
  constructor(
    private readonly jobs: JobStore,
    private readonly store: ChunkStore,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
  ) {}

  async get(jobId: string): Promise<BatchJob> {
    const job = await this.find(jobId);
    if (!job) throw jobNotFound(jobId);
    return job;
  }

  async find(jobId: string): Promise<BatchJob | null> {
    const { jobs, store, live, ledger } = this;
    const place = placeOfBundledJob(jobId);
    if (place) {
      const chunk = live.get(place.chunkId) ?? (await store.load([place.chunkId]))[0];
      return chunk ? viewBundledJob(chunk, place.index) : null;
    }
    const entry = ledger.get(jobId);
    if (entry) return viewJob({ ...entry.job, ...entry.snapshot() });
    const job = await jobs.find(jobId);
    return job ? viewJob(job) : null;
  }
}

export function jobNotFound(jobId: string): ProblemError {
  return new ProblemError('JOB_NOT_FOUND', `There is no job ${jobId}. Jobs are listed by \`kintsugi jobs\`.`);
}

/** A single-task job, whose state is its task's. */
export function viewBundledJob(chunk: Chunk, index: number): BatchJob | null {
  const { identity, state } = chunk;
  const job = identity.jobs?.[index];
  if (!job) return null;
  const taskState = chunk.stateOf(index);
  const status = bundledJobStatus(chunk, index);
  const counts = { [taskState]: 1 };
  const started = state.startedAt[index] ?? 0;
  return {
    id: job.id,
    type: typeOfLane(identity.lane),
    status,
    product_id: job.product_id,
    sending_group_id: job.sending_group_id,
    user_id: job.user_id,
    priority: identity.priority,
    max_parallel_tasks: job.max_parallel_tasks ?? null,
    retry_config: job.retry_config ?? null,
    resource_limits: job.resource_limits ?? null,
    safety: identity.safety,
    labels: job.labels,
    detailed_status: detailedStatusOf(status, counts, 1, bundledJobErrors(chunk, index)),
    total_tasks: 1,
    task_counts: everyCount(counts),
    created_at: isoTime(identity.acceptedAt),
    started_at: started > 0 ? isoTime(started) : null,
    finished_at: isFinished(status) && started > 0 ? isoTime(started + (state.tookUs[index] ?? 0) / 1000) : null,
    run_figures: bundledJobFigures(chunk, index),
  };
}
