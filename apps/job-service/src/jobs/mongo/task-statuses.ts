import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { placeOfTask, type JobStatus, type TaskStatus } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { bundledJobStatus } from '../../tasks/domain/bundled-job-status.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { chunkFrom, type ChunkDocument } from '../../tasks/mongo/chunk-document.js';
import { chunkCollection } from '../../tasks/mongo/chunk-indexes.js';
import type { JobRecord } from '../domain/job.js';
import { jobCollection } from './job-store.js';

/** What tells neither the state of a task nor that of its job may be large. */
const withoutPayload = { tasks: 0, 'extras.results': 0, 'extras.logs': 0, 'extras.params': 0, 'extras.errors': 0 };

/** How tasks stand on disk: what is only in memory can still be void. */
@Injectable()
export class TaskStatuses {
  private readonly chunks: Collection<ChunkDocument>;
  private readonly jobs: Collection<JobRecord>;

  constructor(store: Store) {
    this.chunks = store.collection<ChunkDocument>(chunkCollection);
    this.jobs = store.collection<JobRecord>(jobCollection);
  }

  /** Those of the tasks that there are, in the order in which they are asked for. */
  async of(taskIds: readonly string[]): Promise<TaskStatus[]> {
    const places = taskIds.map((taskId) => ({ taskId, ...placeOfTask(taskId) }));
    const chunks = await this.chunksOf(places.map(({ chunkId }) => chunkId));
    const statuses = await this.statusesOf([...chunks.values()]);
    return places.flatMap(({ taskId, chunkId, index }) => {
      const chunk = chunks.get(chunkId);
      if (!chunk || index >= chunk.identity.count) return [];
      const { jobId, jobs } = chunk.identity;
      const job_status = jobs?.[index] ? bundledJobStatus(chunk, index) : statuses.get(jobId ?? '');
      if (!job_status) return [];
      return [{ task_id: taskId, state: chunk.stateOf(index), attempts: chunk.state.attempts[index] ?? 0, job_status }];
    });
  }

  private async chunksOf(ids: readonly string[]): Promise<Map<string, Chunk>> {
    const documents = await this.chunks
      .find({ _id: { $in: [...new Set(ids)] }, staged_at: { $exists: false } }, { projection: withoutPayload })
      .toArray();
    return new Map(documents.map((document) => [document._id, chunkFrom(document)]));
  }

  private async statusesOf(chunks: readonly Chunk[]): Promise<Map<string, JobStatus>> {
    const ids = [...new Set(chunks.map(({ identity }) => identity.jobId).filter((id) => id !== null))];
    if (ids.length === 0) return new Map();
    const jobs = await this.jobs.find({ _id: { $in: ids } }, { projection: { status: 1 } }).toArray();
    return new Map(jobs.map(({ _id, status }) => [_id, status]));
  }
}
