import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { Actor } from '@kintsugi/contracts';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import type { Deletion, Deletions } from '../deletions.js';

/** Longer than the broker keeps anything that might speak of a deleted job. */
const keptSeconds = 7 * 24 * 3600;

interface DeletionDocument {
  _id: string;
  job_ids: string[];
  requested_by: Actor;
  request_id: string;
  /** Left out where whatever runs is stopped first. */
  only_ended?: true;
  requested_at: Date;
  done_at: Date | null;
}

const collection = 'deletions';

export const deletionIndexes: readonly IndexDefinition[] = [
  { collection, keys: { job_ids: 1 }, options: { name: 'job' } },
  { collection, keys: { done_at: 1 }, options: { name: 'expiry', expireAfterSeconds: keptSeconds } },
];

/** What was asked to be deleted, in MongoDB. */
@Injectable()
export class DeletionStore implements Deletions {
  private readonly deletions: Collection<DeletionDocument>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.deletions = store.collection<DeletionDocument>(collection);
  }

  async add({ id, jobIds, requestedBy, requestId, onlyEnded }: Deletion): Promise<void> {
    await this.leader.assertLeading();
    const asked = {
      job_ids: [...jobIds],
      requested_by: requestedBy,
      request_id: requestId,
      ...(onlyEnded ? { only_ended: onlyEnded } : {}),
      requested_at: new Date(),
    };
    await this.deletions.updateOne({ _id: id }, { $setOnInsert: { ...asked, done_at: null } }, { upsert: true, ...durable });
  }

  async unfinished(afterId: string, limit: number): Promise<Deletion[]> {
    const found = await this.deletions
      .find({ _id: { $gt: afterId }, done_at: null })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, job_ids: jobIds, requested_by: requestedBy, request_id: requestId, only_ended: onlyEnded }) => {
      return { id: _id, jobIds, requestedBy, requestId, ...(onlyEnded ? { onlyEnded } : {}) };
    });
  }

  async leaveOut(id: string, jobIds: readonly string[]): Promise<void> {
    await this.leader.assertLeading();
    await this.deletions.updateOne({ _id: id }, { $pull: { job_ids: { $in: [...jobIds] } } }, durable);
  }

  async noteDone(id: string): Promise<void> {
    await this.leader.assertLeading();
    await this.deletions.updateOne({ _id: id }, { $set: { done_at: new Date() } }, durable);
  }

  async has(jobId: string): Promise<boolean> {
    return (await this.deletions.findOne({ job_ids: jobId }, { projection: { _id: 1 } })) !== null;
  }
}
