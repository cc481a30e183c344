import { createHash } from 'node:crypto';
import { apiKeyOf, type ApiKeyRecord, type Role } from '@kintsugi/contracts';
import type { KeyStore } from '../../../apps/gateway/src/keys/commands/administer-keys.js';
import type { KeySource } from '../../../apps/gateway/src/keys/key-directory.js';

export function recordOfKey(key: string, id: string, role: Role, expires_at: Date | null = null): ApiKeyRecord {
  const sha256 = createHash('sha256').update(key).digest('hex');
  return { id, role, tenant: null, sha256, former_sha256: null, former_expires_at: null, expires_at, revoked_at: null };
}

/** Keys for tests whose subject is something else than where keys are kept. */
export class KeysInMemory implements KeySource, KeyStore {
  private readonly records = new Map<string, ApiKeyRecord & { revision: number }>();
  private revision = 0;

  /** From now on these keys are good, and no others. */
  write(records: readonly ApiKeyRecord[]): void {
    for (const { id } of this.records.values()) {
      if (!records.some((record) => record.id === id)) this.put({ ...this.records.get(id)!, revoked_at: new Date() });
    }
    for (const record of records) this.put(record);
  }

  async changedSince(revision: number): Promise<(ApiKeyRecord & { revision: number })[]> {
    return [...this.records.values()].filter((record) => record.revision > revision);
  }

  list: KeyStore['list'] = async () =>
    [...this.records.values()].map((record) => ({ ...record, _id: record.id, rotated_at: null, created_at: new Date(0) }));

  create: KeyStore['create'] = async ({ id, role, expires_at }) => {
    if (this.records.has(id)) return 'taken';
    const key = apiKeyOf(id, 'c3'.repeat(20));
    this.put(recordOfKey(key, id, role, expires_at));
    return { key };
  };

  rotate: KeyStore['rotate'] = async (id) => {
    const record = this.records.get(id);
    if (!record || record.revoked_at) return record ? 'revoked' : 'absent';
    const key = apiKeyOf(id, 'd4'.repeat(20));
    this.put({ ...record, sha256: recordOfKey(key, id, record.role).sha256 });
    return { key };
  };

  revoke: KeyStore['revoke'] = async (id) => {
    const record = this.records.get(id);
    if (!record || record.revoked_at) return record ? 'revoked' : 'absent';
    this.put({ ...record, revoked_at: new Date() });
    return 'changed';
  };

  private put(record: ApiKeyRecord): void {
    this.revision += 1;
    this.records.set(record.id, { ...record, revision: this.revision });
  }
}
