import { apiKeyIdOf, type ApiKeyRecord, type Role } from '@kintsugi/contracts';

/** Who sent a request, as far as its key says. */
export interface Caller {
  /** Null for whoever is on this machine while AUTH is off. */
  keyId: string | null;
  role: Role;
}

/** Compared with when there is no such id, so that an unknown id costs what a wrong secret costs. */
const nobody: ApiKeyRecord = { id: '', role: 'viewer', sha256: '0'.repeat(64) };

export interface KeyRingMeans {
  /** SHA-256 of a text, as lower-case hex. */
  sha256: (text: string) => string;
  /** Equality of two texts of the same length, in a time that does not depend on where they differ. */
  equal: (left: string, right: string) => boolean;
}

/** The API keys that are accepted. It knows only their hashes, and answers the same to an unknown id and a wrong secret. */
export class KeyRing {
  private readonly records: ReadonlyMap<string, ApiKeyRecord>;

  constructor(
    records: readonly ApiKeyRecord[],
    private readonly means: KeyRingMeans,
  ) {
    this.records = new Map(records.map((record) => [record.id, record]));
  }

  callerOf(key: string, now: number): Caller | null {
    const record = this.records.get(apiKeyIdOf(key) ?? '') ?? nobody;
    const known = this.means.equal(this.means.sha256(key), record.sha256) && record !== nobody;
    const expired = record.expires_at !== undefined && Date.parse(record.expires_at) <= now;
    return known && !expired ? { keyId: record.id, role: record.role } : null;
  }
}
