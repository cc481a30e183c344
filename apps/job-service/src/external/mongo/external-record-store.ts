import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import type { ExternalJobRecord, JobOutboxEntry, JobRecord } from '../../jobs/domain/job.js';
import { holdPart } from '../../jobs/domain/unique-hold.js';
import { holding, insertRecord } from '../../jobs/mongo/insert-record.js';
import { jobCollection } from '../../jobs/mongo/job-store.js';
import { Leader } from '../../platform/leader.js';
import type { ExternalRecords } from '../external-records.js';

export const externalIndexes: readonly IndexDefinition[] = [
  {
    collection: jobCollection,
    keys: { 'external.stall_at': 1 },
    options: { name: 'stall', partialFilterExpression: { 'external.stall_at': { $gt: 0 } } },
  },
];

/** The records of external jobs in MongoDB. */
@Injectable()
export class ExternalRecordStore implements ExternalRecords {
  private readonly jobs: Collection<ExternalJobRecord>;
  private readonly records: Collection<JobRecord>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.jobs = store.collection<ExternalJobRecord>(jobCollection);
    this.records = store.collection<JobRecord>(jobCollection);
  }

  insert(job: ExternalJobRecord): Promise<boolean> {
    return insertRecord(this.records, job, this.leader);
  }

  find(jobId: string): Promise<ExternalJobRecord | null> {
    return this.jobs.findOne({ _id: jobId, executor: 'external' });
  }

  async write(next: ExternalJobRecord, before: number, events: readonly JobOutboxEntry[]): Promise<boolean> {
    await this.leader.assertLeading();
    const { status, priority, external, error_types, started_at, finished_at, retries } = next;
    const hold = holdPart(next, status);
    const write = () =>
      this.jobs.updateOne(
        { _id: next._id, 'external.version': before },
        {
          $set: { status, priority, external, error_types, started_at, finished_at, retries, ...hold, epoch: this.leader.epoch },
          ...(events.length > 0 ? { $push: { outbox: { $each: [...events] } }, $inc: { events: events.length } } : {}),
        },
        durable,
      );
    const result = await holding(this.records, hold.unique_hold, write);
    return result.matchedCount === 1;
  }

  silent(heard: number, limit: number): Promise<ExternalJobRecord[]> {
    return this.jobs
      .find({ 'external.stall_at': { $gt: 0, $lte: heard } })
      .sort({ 'external.stall_at': 1 })
      .limit(limit)
      .toArray();
  }

  async nextStall(): Promise<number | null> {
    const [next] = await this.jobs
      .find({ 'external.stall_at': { $gt: 0 } }, { projection: { 'external.stall_at': 1 } })
      .sort({ 'external.stall_at': 1 })
      .limit(1)
      .toArray();
    return next?.external.stall_at ?? null;
  }
}
