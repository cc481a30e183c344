import { apiKeyIdOf, type ApiKeyRecord, type Role } from '@kintsugi/contracts';

/** Who sent a request, as far as its key says. */
export interface Caller {
  /** Null for whoever is on this machine while AUTH is off. */
  keyId: string | null;
  role: Role;
  /** The tenant that it is bound to; null: to none. */
  tenant: string | null;
}

/**
 * What is known of a key. `refused`: it was good once, or is no key, and will never be accepted. `unknown`: as far as is known; it
 * may have been made since.
 */
export type KeyVerdict = Caller | 'refused' | 'unknown';

/** Compared with when there is no such id, so that an unknown id costs what a wrong secret costs. */
const nobody: ApiKeyRecord = {
  ...{ id: '', role: 'viewer', tenant: null, sha256: '0'.repeat(64), former_sha256: null, former_expires_at: null },
  ...{ expires_at: null, revoked_at: null },
};

export interface KnownKeysMeans {
  /** SHA-256 of a text, as lower-case hex. */
  sha256: (text: string) => string;
  /** Equality of two texts of the same length, in a time that does not depend on where they differ. */
  equal: (left: string, right: string) => boolean;
}

/** The API keys that are known. It has only their hashes, and says the same of an unknown id and of a wrong secret. */
export class KnownKeys {
  private readonly records = new Map<string, ApiKeyRecord>();

  constructor(private readonly means: KnownKeysMeans) {}

  learn(records: readonly ApiKeyRecord[]): void {
    for (const record of records) this.records.set(record.id, record);
  }

  verdictOn(key: string, now: Date): KeyVerdict {
    const id = apiKeyIdOf(key);
    if (id === null) return 'refused';
    const record = this.records.get(id) ?? nobody;
    const hash = this.means.sha256(key);
    const isCurrent = this.means.equal(hash, record.sha256);
    const isFormer = record.former_sha256 !== null && this.means.equal(hash, record.former_sha256);
    if (record === nobody || (!isCurrent && !isFormer)) return 'unknown';
    if (record.revoked_at || isOver(record.expires_at, now)) return 'refused';
    if (!isCurrent && isOver(record.former_expires_at, now)) return 'refused';
    return { keyId: record.id, role: record.role, tenant: record.tenant };
  }
}

function isOver(end: Date | null, now: Date): boolean {
  return end !== null && end <= now;
}
