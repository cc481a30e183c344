import { Injectable } from '@nestjs/common';
import { placeOfBundledJob } from '@kintsugi/contracts';
import { CancelTasks } from '../dispatch/cancel-tasks.js';
import { OpenTasks } from '../dispatch/open-tasks.js';
import { PauseTasks } from '../dispatch/pause-tasks.js';
import { PrioritiseTasks } from '../dispatch/prioritise-tasks.js';
import { ReadyQueues } from '../dispatch/ready-queues.js';
import { ExternalJobs } from '../external/external-jobs.js';
import { isExternal } from '../jobs/domain/job.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobRecords } from '../jobs/job-records.js';
import { ChunkRecord } from '../tasks/chunk-record.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { BundledJob } from './bundled-job.js';
import { ExternalJob } from './external-job.js';
import { jobNotFound, type JobHandle, type MoveParts } from './job-handle.js';
import { OwnedJob } from './owned-job.js';

/** Jobs by id: from memory while they are at work, else from the store. Only here is it known how a job is kept. */
@Injectable()
export class JobDirectory {
  private readonly parts: MoveParts;

  constructor(
    private readonly jobs: JobRecords,
    private readonly record: ChunkRecord,
    private readonly search: ChunkSearch,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly external: ExternalJobs,
    cancelTasks: CancelTasks,
    pauseTasks: PauseTasks,
    openTasks: OpenTasks,
    prioritiseTasks: PrioritiseTasks,
    queues: ReadyQueues,
  ) {
    this.parts = { cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues };
  }

  /** Null where there is no such job. */
  async open(jobId: string): Promise<JobHandle | null> {
    const { live, ledger, parts } = this;
    const place = placeOfBundledJob(jobId);
    if (place) {
      const chunk = live.get(place.chunkId) ?? (await this.record.load([place.chunkId]))[0];
      return chunk ? BundledJob.at(chunk, place.index, parts) : null;
    }
    const entry = ledger.get(jobId);
    const record = entry ? { ...entry.job, ...entry.snapshot() } : await this.jobs.find(jobId);
    if (record && isExternal(record)) return new ExternalJob(record, this.external);
    return record && new OwnedJob(record, this.search, ledger, parts);
  }

  async get(jobId: string): Promise<JobHandle> {
    const job = await this.open(jobId);
    if (!job) throw jobNotFound(jobId);
    return job;
  }
}
