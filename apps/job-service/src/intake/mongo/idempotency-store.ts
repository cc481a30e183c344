import { Injectable } from '@nestjs/common';
import { MongoBulkWriteError, type Collection } from 'mongodb';
import { Store, durable, untilReachable, type IndexDefinition } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';

const sevenDays = 7 * 24 * 3600;
const keyCollection = 'idempotency_keys';

interface KeyDocument {
  _id: string;
  job_id: string;
  fingerprint: string;
  created_at: Date;
}

export const idempotencyIndexes: readonly IndexDefinition[] = [
  { collection: keyCollection, keys: { created_at: 1 }, options: { name: 'expiry', expireAfterSeconds: sevenDays } },
];

export interface KeyClaim {
  key: string;
  jobId: string;
  fingerprint: string;
}

/** Which job an idempotency key has made. A key is claimed before its job is written, and by one job only. */
@Injectable()
export class IdempotencyStore {
  private readonly keys: Collection<KeyDocument>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.keys = store.collection<KeyDocument>(keyCollection);
  }

  /** Claims keys in one write. Gives the claims that stand already, by key; the others are ours. */
  async claim(claims: readonly KeyClaim[]): Promise<Map<string, KeyClaim>> {
    if (claims.length === 0) return new Map();
    const ours = new Map(claims.map(({ key, jobId }) => [key, jobId]));
    const refused = await untilReachable(() => this.insert(claims));
    if (!refused) return new Map();
    const known = await untilReachable(() => this.keys.find({ _id: { $in: [...ours.keys()] } }).toArray());
    return new Map(
      known
        .filter(({ _id, job_id: jobId }) => ours.get(_id) !== jobId)
        .map(({ _id, job_id: jobId, fingerprint }) => [_id, { key: _id, jobId, fingerprint }]),
    );
  }

  async jobOf(key: string): Promise<string | null> {
    const known = await this.keys.findOne({ _id: key });
    return known?.job_id ?? null;
  }

  /** Gives up a claim whose job was never written. */
  async release(claim: KeyClaim): Promise<void> {
    await this.leader.assertLeading();
    await this.keys.deleteOne({ _id: claim.key, job_id: claim.jobId });
  }

  /** Whether some of the keys were there before. */
  private async insert(claims: readonly KeyClaim[]): Promise<boolean> {
    const now = new Date();
    try {
      await this.keys.insertMany(
        claims.map(({ key, jobId, fingerprint }) => ({ _id: key, job_id: jobId, fingerprint, created_at: now })),
        { ordered: false, ...durable },
      );
      return false;
    } catch (error) {
      if (error instanceof MongoBulkWriteError && error.code === 11000) return true;
      throw error;
    }
  }
}
