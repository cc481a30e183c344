import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { placeOfTask, type JobStatus, type TaskStatus } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { ChunkWriter } from '../../tasks/chunk-writer.js';
import { bundledJobStatus } from '../../tasks/domain/bundled-job-status.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import type { ChunkDocument } from '../../tasks/mongo/chunk-document.js';
import { chunkCollection } from '../../tasks/mongo/chunk-indexes.js';
import { standingFields, standingFrom, type ChunkStanding, type StandingDocument } from '../../tasks/mongo/standing-document.js';
import type { JobRecord } from '../domain/job.js';
import { jobCollection } from './job-store.js';

/** How tasks stand on disk: what is only in memory can still be void. */
@Injectable()
export class TaskStatuses {
  private readonly chunks: Collection<ChunkDocument>;
  private readonly jobs: Collection<JobRecord>;

  constructor(
    store: Store,
    private readonly live: LiveChunks,
    private readonly writer: ChunkWriter,
  ) {
    this.chunks = store.collection<ChunkDocument>(chunkCollection);
    this.jobs = store.collection<JobRecord>(jobCollection);
  }

  /** Those of the tasks that there are, in the order in which they are asked for. */
  async of(taskIds: readonly string[]): Promise<TaskStatus[]> {
    const places = taskIds.map((taskId) => ({ taskId, ...placeOfTask(taskId) }));
    const chunks = await this.chunksOf(new Set(places.map(({ chunkId }) => chunkId)));
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

  private async chunksOf(ids: ReadonlySet<string>): Promise<Map<string, ChunkStanding>> {
    const chunks = new Map<string, ChunkStanding>();
    for (const id of ids) {
      const chunk = this.live.get(id);
      // Of one without a write under way, memory has what the disk has.
      if (chunk && !this.writer.isBusy(chunk)) chunks.set(id, chunk);
    }
    const others = [...ids].filter((id) => !chunks.has(id));
    if (others.length === 0) return chunks;
    const read = this.chunks
      .find({ _id: { $in: others }, staged_at: { $exists: false } })
      .project<StandingDocument>(standingFields);
    for await (const document of read) chunks.set(document._id, standingFrom(document));
    return chunks;
  }

  private async statusesOf(chunks: readonly ChunkStanding[]): Promise<Map<string, JobStatus>> {
    const ids = [...new Set(chunks.map(({ identity }) => identity.jobId).filter((id) => id !== null))];
    if (ids.length === 0) return new Map();
    const jobs = await this.jobs.find({ _id: { $in: ids } }, { projection: { status: 1 } }).toArray();
    return new Map(jobs.map(({ _id, status }) => [_id, status]));
  }
}
