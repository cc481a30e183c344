import { createHash, randomBytes } from 'node:crypto';
import type { ClientSession, Connection, HydratedDocument, Model } from 'mongoose';
import { apiKeyIdOf, apiKeyOf, type ApiKeyRecord, type Role } from '@kintsugi/contracts';
import { isDuplicateKey } from '../duplicate-key.js';
import { inTime } from '../in-time.js';
import { ensureIndexes } from '../ensure-indexes.js';
import { modelsOf } from '../models.js';
import type { Store } from '../store.js';
import { storedApiKeySchema, type StoredApiKey } from './api-key.schema.js';

export interface NewApiKey {
  id: string;
  role: Role;
  tenant: string | null;
  expires_at: Date | null;
}

/** A new key, to be shown once. */
export interface MadeKey {
  key: string;
}

export type ListedApiKey = Omit<StoredApiKey, 'sha256' | 'former_sha256' | 'revision' | 'version' | 'updated_at'>;

/** What a reader learns of a key, and when that was written. */
export type ChangedApiKey = ApiKeyRecord & { revision: number };

interface Revision {
  _id: 'api_keys';
  revision: number;
}

const secretBytes = 32;
/** A reader that waits longer takes the database for away. */
const readTimeoutMs = 1_000;

export function hashOfApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The API keys of an installation, in its database `access`. A key itself is returned once, when it is made, and kept nowhere. */
export class ApiKeys {
  private readonly connection: Connection;
  private readonly keys: Model<StoredApiKey>;

  constructor(private readonly store: Store) {
    this.connection = modelsOf(store);
    this.keys = this.connection.model<StoredApiKey>('ApiKey', storedApiKeySchema);
  }

  async prepare(): Promise<void> {
    await ensureIndexes(this.store, [{ collection: this.keys.collection.collectionName, keys: { revision: 1 } }]);
  }

  /** Those that were made or changed after a revision. */
  async changedSince(revision: number): Promise<ChangedApiKey[]> {
    const found = this.store.collection<StoredApiKey>(this.keys.collection.collectionName).find({ revision: { $gt: revision } });
    const records = await inTime(readTimeoutMs, found.toArray());
    return records.map(({ _id, created_at: _c, updated_at: _u, rotated_at: _r, version: _v, ...record }) => ({
      ...record,
      id: _id,
      tenant: record.tenant ?? null,
    }));
  }

  /** All that there ever were, the oldest first. */
  async list(): Promise<ListedApiKey[]> {
    const hidden = { sha256: 0, former_sha256: 0, revision: 0, version: 0, updated_at: 0 };
    return this.keys.find({}, hidden).sort({ created_at: 1, _id: 1 }).lean<ListedApiKey[]>();
  }

  async isEmpty(): Promise<boolean> {
    return (await this.keys.exists({})) === null;
  }

  /** Whether a key is good now. */
  async knows(key: string): Promise<boolean> {
    return (await this.keys.exists({ _id: apiKeyIdOf(key) ?? '', sha256: hashOfApiKey(key), revoked_at: null })) !== null;
  }

  /** Gives the new key. An id is never given twice, also not after the first has been revoked. */
  async create(about: NewApiKey): Promise<MadeKey | 'taken'> {
    const key = newKey(about.id);
    return (await this.keep(about, key)) ? { key } : 'taken';
  }

  /** Takes a key that its owner has made for the first admin's. Does nothing once there is any key. */
  async keepFirst(key: string): Promise<void> {
    if (await this.isEmpty()) await this.keep({ id: apiKeyIdOf(key) ?? '', role: 'admin', tenant: null, expires_at: null }, key);
  }

  /**
   * Gives a new key in the place of one.
   * @param overlapSeconds how long the former is still accepted
   */
  async rotate(id: string, overlapSeconds: number): Promise<MadeKey | 'absent' | 'revoked'> {
    const key = newKey(id);
    const changed = await this.change(id, (stored, now) => ({
      sha256: hashOfApiKey(key),
      rotated_at: now,
      former_sha256: overlapSeconds > 0 ? stored.sha256 : null,
      former_expires_at: overlapSeconds > 0 ? new Date(now.getTime() + overlapSeconds * 1_000) : null,
    }));
    return changed === 'changed' ? { key } : changed;
  }

  /** From now on the key is refused, and so is its former one. */
  async revoke(id: string): Promise<'changed' | 'absent' | 'revoked'> {
    return this.change(id, (_, now) => ({ revoked_at: now }));
  }

  private async keep({ id, role, tenant, expires_at }: NewApiKey, key: string): Promise<boolean> {
    try {
      await this.connection.transaction(async (session) => {
        const record = {
          _id: id,
          role,
          tenant,
          expires_at,
          sha256: hashOfApiKey(key),
          revision: await this.nextRevision(session),
        };
        await this.keys.create([record], { session });
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  private async change(
    id: string,
    changeOf: (stored: HydratedDocument<StoredApiKey>, now: Date) => Partial<StoredApiKey>,
  ): Promise<'changed' | 'absent' | 'revoked'> {
    return this.connection.transaction(async (session) => {
      // First, so that whoever else changes a key at this moment waits, and readers never pass over a revision.
      const revision = await this.nextRevision(session);
      const stored = await this.keys.findById(id, null, { session });
      if (!stored) return 'absent';
      if (stored.revoked_at) return 'revoked';
      await stored.set({ ...changeOf(stored, new Date()), revision }).save({ session });
      return 'changed';
    });
  }

  private async nextRevision(session: ClientSession): Promise<number> {
    const revisions = this.store.collection<Revision>('revisions');
    const options = { upsert: true, returnDocument: 'after', session } as const;
    const next = await revisions.findOneAndUpdate({ _id: 'api_keys' }, { $inc: { revision: 1 } }, options);
    return next?.revision ?? 1;
  }
}

function newKey(id: string): string {
  return apiKeyOf(id, randomBytes(secretBytes).toString('hex'));
}
