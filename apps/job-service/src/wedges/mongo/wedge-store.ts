import { Injectable } from '@nestjs/common';
import type { Collection, PullOperator } from 'mongodb';
import { Store, durable } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import type { WedgeEvent, WedgeRecord, WedgeRecords } from '../wedge-records.js';

/** The wedges in MongoDB: as many as there are now, and no history. */
@Injectable()
export class WedgeStore implements WedgeRecords {
  private readonly wedges: Collection<WedgeRecord>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.wedges = store.collection<WedgeRecord>('wedges');
  }

  async add(wedge: WedgeRecord): Promise<void> {
    await this.leader.assertLeading();
    await this.wedges.updateOne({ _id: wedge._id }, { $setOnInsert: wedge }, { upsert: true, ...durable });
  }

  async end(id: string, at: Date, event: WedgeEvent): Promise<void> {
    await this.leader.assertLeading();
    const change = { $set: { over_at: at }, $push: { outbox: event } };
    await this.wedges.updateOne({ _id: id, over_at: null }, change, durable);
  }

  all(): Promise<WedgeRecord[]> {
    return this.wedges.find().toArray();
  }

  async clearOutbox(ids: readonly string[], eventIds: readonly string[]): Promise<void> {
    const cleared = { _id: { $in: [...ids] } };
    await this.wedges.updateMany(cleared, { $pull: { outbox: { id: { $in: [...eventIds] } } } });
    await this.wedges.deleteMany({ ...cleared, over_at: { $ne: null }, outbox: { $size: 0 } });
  }

  async forget(jobIds: readonly string[]): Promise<void> {
    const gone = { job_id: { $in: [...jobIds] } };
    const parts = { jobs: gone, 'outbox.$[].data.jobs': gone } as PullOperator<WedgeRecord>;
    await this.wedges.updateMany({ 'jobs.job_id': gone.job_id }, { $pull: parts }, durable);
    await this.wedges.deleteMany({ jobs: { $size: 0 } }, durable);
  }
}
