import { createHash } from 'node:crypto';
import type { ApiKeyRecord, Role } from '@kintsugi/contracts';
import type { KeySource } from '../../../apps/gateway/src/keys/key-directory.js';

export function recordOfKey(key: string, id: string, role: Role, expires_at: Date | null = null): ApiKeyRecord {
  const sha256 = createHash('sha256').update(key).digest('hex');
  return { id, role, tenant: null, sha256, former_sha256: null, former_expires_at: null, expires_at, revoked_at: null };
}

/** Keys for tests whose subject is something else than where keys are kept. */
export class KeysInMemory implements KeySource {
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

  private put(record: ApiKeyRecord): void {
    this.revision += 1;
    this.records.set(record.id, { ...record, revision: this.revision });
  }
}
