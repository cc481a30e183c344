import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { finishedJobStatuses } from '@kintsugi/contracts';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import type { JobOutboxEntry, JobRecord } from '../domain/job.js';
import { jobTransitions, type JobMove } from '../domain/job-lifecycle.js';
import { prioritisableStatuses } from '../../tasks/domain/task-priorities.js';
import type { JobChange, JobRecords, ProgressNote } from '../job-records.js';
import { holderOf, holding, insertRecord } from './insert-record.js';

export const jobCollection = 'jobs';

export const jobIndexes: readonly IndexDefinition[] = [
  {
    collection: jobCollection,
    keys: { original_job_id: 1, _id: 1 },
    options: { name: 'retries', partialFilterExpression: { original_job_id: { $exists: true } } },
  },
  {
    collection: jobCollection,
    keys: { unique_hold: 1 },
    options: { name: 'unique', unique: true, partialFilterExpression: { unique_hold: { $type: 'string' } } },
  },
  { collection: jobCollection, keys: { status: 1, _id: 1 }, options: { name: 'status' } },
  {
    collection: jobCollection,
    keys: { wake_at: 1 },
    options: { name: 'wake', partialFilterExpression: { wake_at: { $exists: true } } },
  },
  {
    collection: jobCollection,
    keys: { 'outbox.at': 1 },
    options: { name: 'outbox', partialFilterExpression: { 'outbox.at': { $exists: true } } },
  },
];

/** The records of jobs in MongoDB. */
@Injectable()
export class JobStore implements JobRecords {
  private readonly jobs: Collection<JobRecord>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.jobs = store.collection<JobRecord>(jobCollection);
  }

  insert(job: JobRecord): Promise<boolean> {
    return insertRecord(this.jobs, job, this.leader);
  }

  async find(jobId: string): Promise<JobRecord | null> {
    return this.jobs.findOne({ _id: jobId });
  }

  holderOf(hold: string): Promise<string | null> {
    return holderOf(this.jobs, hold);
  }

  async setHold(jobId: string, hold: string | null): Promise<JobRecord | null> {
    await this.leader.assertLeading();
    const ended = { _id: jobId, status: { $in: [...finishedJobStatuses] } };
    const change = { $set: { unique_hold: hold, epoch: this.leader.epoch } };
    const write = () => this.jobs.findOneAndUpdate(ended, change, { returnDocument: 'after', ...durable });
    return holding(this.jobs, hold, write);
  }

  async retriesOf(jobId: string): Promise<string[]> {
    const retries = this.jobs.find({ original_job_id: jobId }, { projection: { _id: 1 } }).sort({ _id: 1 });
    return (await retries.toArray()).map(({ _id }) => _id);
  }

  async unfinished(): Promise<JobRecord[]> {
    return this.jobs
      .find({ status: { $nin: [...finishedJobStatuses, 'scheduled'] }, executor: { $ne: 'external' } })
      .sort({ _id: 1 })
      .toArray();
  }

  async apply(jobId: string, move: JobMove, change: JobChange, event: JobOutboxEntry | null): Promise<JobRecord | null> {
    const { from, to } = jobTransitions[move];
    await this.leader.assertLeading();
    const write = () =>
      this.jobs.findOneAndUpdate(
        { _id: jobId, status: { $in: [...from] } },
        {
          $set: { ...change, status: to, epoch: this.leader.epoch },
          ...(event ? { $push: { outbox: event }, $inc: { events: 1 } } : {}),
        },
        { returnDocument: 'after', ...durable },
      );
    return holding(this.jobs, change.unique_hold, write);
  }

  async setPriority(jobId: string, priority: number, event: JobOutboxEntry): Promise<JobRecord | null> {
    await this.leader.assertLeading();
    return this.jobs.findOneAndUpdate(
      { _id: jobId, status: { $in: [...prioritisableStatuses] } },
      { $set: { priority, priority_moving: true, epoch: this.leader.epoch }, $push: { outbox: event } },
      { returnDocument: 'after', ...durable },
    );
  }

  async notePriorityMoved(jobId: string, priority: number): Promise<void> {
    await this.leader.assertLeading();
    await this.jobs.updateOne({ _id: jobId, priority }, { $unset: { priority_moving: '' } }, durable);
  }

  async scheduledFrom(jobId: string): Promise<string[]> {
    const found = await this.jobs.find({ status: 'scheduled', _id: { $gte: jobId } }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  async due(by: Date, limit: number): Promise<JobRecord[]> {
    return this.jobs
      .find({ wake_at: { $lte: by } })
      .sort({ wake_at: 1 })
      .limit(limit)
      .toArray();
  }

  async nextWake(): Promise<number | null> {
    const first = await this.jobs.findOne({ wake_at: { $exists: true } }, { sort: { wake_at: 1 }, projection: { wake_at: 1 } });
    return first?.wake_at?.getTime() ?? null;
  }

  async noteWoken({ _id, awaits }: JobRecord, next: Date | null): Promise<void> {
    await this.leader.assertLeading();
    const seen = awaits === undefined ? { _id } : { _id, awaits: { $size: awaits.length } };
    await this.jobs.updateOne(seen, next ? { $set: { wake_at: next } } : { $unset: { wake_at: '' } }, durable);
  }

  async remove(jobId: string): Promise<void> {
    await this.leader.assertLeading();
    await this.jobs.deleteOne({ _id: jobId, status: { $in: ['deleting', ...finishedJobStatuses] } }, durable);
  }

  async noteOpened(jobId: string): Promise<void> {
    await this.leader.assertLeading();
    await this.jobs.updateOne({ _id: jobId }, { $set: { opened: true } }, durable);
  }

  async notePlanned(jobId: string, total: number, chunks: number, event: JobOutboxEntry): Promise<boolean> {
    await this.leader.assertLeading();
    const result = await this.jobs.updateOne(
      { _id: jobId, total_tasks: null },
      { $set: { total_tasks: total, chunks }, $push: { outbox: event }, $inc: { events: 1 } },
      durable,
    );
    return result.matchedCount === 1;
  }

  async noteProgress(notes: readonly ProgressNote[]): Promise<void> {
    if (notes.length === 0) return;
    await this.leader.assertLeading();
    await this.jobs.bulkWrite(
      notes.map(({ jobId, change }) => ({
        updateOne: {
          filter: { _id: jobId, status: { $nin: [...finishedJobStatuses] } },
          update: { $set: change },
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
