import type { Collection, MongoServerError } from 'mongodb';
import { durable, isDuplicateKey } from '@kintsugi/persistence';
import type { Leader } from '../../platform/leader.js';
import type { JobRecord } from '../domain/job.js';
import { UniqueConflict } from '../unique-conflict.js';

const writesMax = 20;

/** Begins the record of a job; one that is there stays as it is. Gives whether it is new. */
export async function insertRecord(jobs: Collection<JobRecord>, job: JobRecord, leader: Leader): Promise<boolean> {
  await leader.assertLeading();
  const record = { ...job, epoch: leader.epoch };
  const insert = () => jobs.updateOne({ _id: job._id }, { $setOnInsert: record }, { upsert: true, ...durable });
  const result = await holding(jobs, job.unique_hold, insert);
  return result.upsertedCount === 1;
}

/** Runs a write that takes a unique key, or none. Throws UniqueConflict when another job holds it. */
export async function holding<Result>(
  jobs: Collection<JobRecord>,
  hold: string | null | undefined,
  write: () => Promise<Result>,
): Promise<Result> {
  if (!hold) return write();
  for (let round = 1; ; round += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isDuplicateKey(error) || !('unique_hold' in keysOf(error))) throw error;
      const holder = await holderOf(jobs, hold);
      if (holder !== null) throw new UniqueConflict(hold, holder);
      // It has been given up meanwhile.
      if (round === writesMax) throw error;
    }
  }
}

export async function holderOf(jobs: Collection<JobRecord>, hold: string): Promise<string | null> {
  const holder = await jobs.findOne({ unique_hold: hold }, { projection: { _id: 1 } });
  return holder?._id ?? null;
}

function keysOf({ errorResponse }: MongoServerError): object {
  return (errorResponse?.['keyPattern'] as object | undefined) ?? {};
}
