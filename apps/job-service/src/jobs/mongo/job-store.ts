import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { finishedJobStatuses, type TaskCounts } from '@kintsugi/contracts';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import type { JobOutboxEntry, JobRecord } from '../domain/job.js';
import { jobTransitions, type JobMove } from '../domain/job-lifecycle.js';

export const jobCollection = 'jobs';

export const jobIndexes: readonly IndexDefinition[] = [
  { collection: jobCollection, keys: { status: 1, _id: 1 }, options: { name: 'status' } },
  {
    collection: jobCollection,
    keys: { 'outbox.at': 1 },
    options: { name: 'outbox', partialFilterExpression: { 'outbox.at': { $exists: true } } },
  },
];

/** What a move changes beside the state. */
export type JobChange = Partial<
  Pick<
    JobRecord,
    | 'task_counts'
    | 'first_try'
    | 'recovered'
    | 'retries'
    | 'error_types'
    | 'task_ms'
    | 'outcome_ms'
    | 'started_at'
    | 'finished_at'
  >
>;

/** The jobs in MongoDB. A job changes its state only by a move of the lifecycle, and only from where the move starts. */
@Injectable()
export class JobStore {
  private readonly jobs: Collection<JobRecord>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.jobs = store.collection<JobRecord>(jobCollection);
  }

  /** false when the job exists already. */
  async insert(job: JobRecord): Promise<boolean> {
    await this.leader.assertLeading();
    const result = await this.jobs.updateOne(
      { _id: job._id },
      { $setOnInsert: { ...job, epoch: this.leader.epoch } },
      { upsert: true, ...durable },
    );
    return result.upsertedCount === 1;
  }

  async find(jobId: string): Promise<JobRecord | null> {
    return this.jobs.findOne({ _id: jobId });
  }

  /** Every job that has not ended, oldest first. */
  async unfinished(): Promise<JobRecord[]> {
    return this.jobs
      .find({ status: { $nin: [...finishedJobStatuses] } })
      .sort({ _id: 1 })
      .toArray();
  }

  /** Makes a move; the changed job, or null when the job was not in a state from which the move starts. */
  async apply(jobId: string, move: JobMove, change: JobChange, event: JobOutboxEntry | null): Promise<JobRecord | null> {
    const { from, to } = jobTransitions[move];
    await this.leader.assertLeading();
    return this.jobs.findOneAndUpdate(
      { _id: jobId, status: { $in: [...from] } },
      {
        $set: { ...change, status: to, epoch: this.leader.epoch },
        ...(event ? { $push: { outbox: event }, $inc: { events: 1 } } : {}),
      },
      { returnDocument: 'after', ...durable },
    );
  }

  /** Notes that the staged chunks are real now. */
  async noteOpened(jobId: string): Promise<void> {
    await this.leader.assertLeading();
    await this.jobs.updateOne({ _id: jobId }, { $set: { opened: true } }, durable);
  }

  /** Notes the tasks that a plan has made, once; false when it has been noted before. */
  async notePlanned(jobId: string, total: number, chunks: number, event: JobOutboxEntry): Promise<boolean> {
    await this.leader.assertLeading();
    const result = await this.jobs.updateOne(
      { _id: jobId, total_tasks: null },
      { $set: { total_tasks: total, chunks }, $push: { outbox: event }, $inc: { events: 1 } },
      durable,
    );
    return result.matchedCount === 1;
  }

  /**
   * Keeps what is counted near to what readers may see. A note that is lost in a crash takes the error types and times of the
   * half second before with it; all else is derived from the chunks.
   */
  async noteProgress(notes: readonly { jobId: string; counts: TaskCounts; change: JobChange }[]): Promise<void> {
    if (notes.length === 0) return;
    await this.leader.assertLeading();
    await this.jobs.bulkWrite(
      notes.map(({ jobId, counts, change }) => ({
        updateOne: {
          filter: { _id: jobId, status: { $nin: [...finishedJobStatuses] } },
          update: { $set: { ...change, task_counts: counts } },
        },
      })),
      { ordered: false, writeConcern: { w: 1, journal: false } },
    );
  }

  async withOutbox(before: number, limit: number): Promise<JobRecord[]> {
    return this.jobs
      .find({ 'outbox.at': { $lt: before } })
      .limit(limit)
      .toArray();
  }

  async clearOutbox(jobIds: readonly string[], eventIds: readonly string[]): Promise<void> {
    await this.jobs.updateMany({ _id: { $in: [...jobIds] } }, { $pull: { outbox: { id: { $in: [...eventIds] } } } });
  }
}
