import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { Store, duplicatesIn, durable, untilReachable, type IndexDefinition } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';

/** For how long a key makes one job. */
export const keyDays = 7;
const keptSeconds = keyDays * 24 * 3600;
const keyCollection = 'idempotency_keys';

interface KeyDocument {
  /** Hash of the key: what a caller may have put into it is nowhere in the store. */
  _id: string;
  job_id: string;
  fingerprint: string;
  created_at: Date;
  /** Whether its job was deleted: the key makes no other while it is kept. */
  deleted?: true;
}

export const idempotencyIndexes: readonly IndexDefinition[] = [
  { collection: keyCollection, keys: { created_at: 1 }, options: { name: 'expiry', expireAfterSeconds: keptSeconds } },
  { collection: keyCollection, keys: { job_id: 1 }, options: { name: 'job' } },
];

export interface KeyClaim {
  key: string;
  jobId: string;
  fingerprint: string;
  /** Whether the job was deleted since. */
  isDeleted?: true;
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
    const ours = new Map(claims.map((claim) => [idOf(claim.key), claim]));
    const refused = await untilReachable(() => this.insert(claims));
    if (!refused) return new Map();
    const known = await untilReachable(() => this.keys.find({ _id: { $in: [...ours.keys()] } }).toArray());
    return new Map(
      known.flatMap(({ _id, job_id: jobId, fingerprint, deleted }) => {
        const own = ours.get(_id);
        if (!own || own.jobId === jobId) return [];
        return [[own.key, { key: own.key, jobId, fingerprint, ...(deleted ? { isDeleted: deleted } : {}) }] as const];
      }),
    );
  }

  async jobOf(key: string): Promise<string | null> {
    const known = await this.keys.findOne({ _id: idOf(key) });
    return known?.job_id ?? null;
  }

  /** Gives up a claim whose job was never written. */
  async release(claim: KeyClaim): Promise<void> {
    await this.leader.assertLeading();
    await this.keys.deleteOne({ _id: idOf(claim.key), job_id: claim.jobId });
  }

  /** Notes of the keys of jobs that these are being deleted: none of them makes a job again while it is kept. */
  async noteDeleted(jobIds: readonly string[]): Promise<void> {
    await this.leader.assertLeading();
    await this.keys.updateMany({ job_id: { $in: [...jobIds] } }, { $set: { deleted: true, created_at: new Date() } }, durable);
  }

  /** Takes that back: the jobs stay. */
  async noteKept(jobIds: readonly string[]): Promise<void> {
    await this.leader.assertLeading();
    await this.keys.updateMany({ job_id: { $in: [...jobIds] } }, { $unset: { deleted: '' } }, durable);
  }

  /** Whether some of the keys were there before. */
  private async insert(claims: readonly KeyClaim[]): Promise<boolean> {
    const now = new Date();
    try {
      await this.keys.insertMany(
        claims.map(({ key, jobId, fingerprint }) => ({ _id: idOf(key), job_id: jobId, fingerprint, created_at: now })),
        { ordered: false, ...durable },
      );
      return false;
    } catch (error) {
      return duplicatesIn(error).length > 0;
    }
  }
}

function idOf(key: string): string {
  return hash('sha256', key, 'base64url');
}
