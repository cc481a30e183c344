import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { type IndexDefinition, Store } from '@kintsugi/persistence';
import type { CancelledJobs } from '../cancelled-jobs.js';

interface CancelledJob {
  _id: string;
  cancelled_at: Date;
  deleted?: true;
}

const collection = 'cancelled_jobs';

/** Longer than the broker keeps events: a failure of the job that comes later is none that it can deliver. */
const keptSeconds = 7 * 24 * 3600;

export const cancelledJobIndexes: IndexDefinition[] = [
  { collection, keys: { cancelled_at: 1 }, options: { expireAfterSeconds: keptSeconds } },
];

/** The cancelled jobs in MongoDB. */
@Injectable()
export class CancelledJobStore implements CancelledJobs {
  private readonly jobs: Collection<CancelledJob>;

  constructor(store: Store) {
    this.jobs = store.collection<CancelledJob>(collection);
  }

  async add(jobIds: readonly string[], now: Date): Promise<void> {
    const operations = jobIds.map((_id) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { cancelled_at: now } }, upsert: true },
    }));
    if (operations.length > 0) await this.jobs.bulkWrite(operations, { ordered: false });
  }

  async addDeleted(jobIds: readonly string[], now: Date): Promise<void> {
    const update = { $set: { cancelled_at: now, deleted: true as const } };
    const operations = jobIds.map((_id) => ({ updateOne: { filter: { _id }, update, upsert: true } }));
    if (operations.length > 0) await this.jobs.bulkWrite(operations, { ordered: false });
  }

  async among(jobIds: readonly string[]): Promise<ReadonlyMap<string, 'cancelled' | 'deleted'>> {
    const found = await this.jobs.find({ _id: { $in: [...new Set(jobIds)] } }, { projection: { deleted: 1 } }).toArray();
    return new Map(found.map(({ _id, deleted }) => [_id, deleted ? 'deleted' : 'cancelled']));
  }
}
