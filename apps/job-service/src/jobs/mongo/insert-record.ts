import type { Collection } from 'mongodb';
import { durable } from '@kintsugi/persistence';
import type { Leader } from '../../platform/leader.js';
import type { JobRecord } from '../domain/job.js';

/** Begins the record of a job; one that is there stays as it is. Gives whether it is new. */
export async function insertRecord(jobs: Collection<JobRecord>, job: JobRecord, leader: Leader): Promise<boolean> {
  await leader.assertLeading();
  const record = { ...job, epoch: leader.epoch };
  const result = await jobs.updateOne({ _id: job._id }, { $setOnInsert: record }, { upsert: true, ...durable });
  return result.upsertedCount === 1;
}
