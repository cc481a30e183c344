import { apiKeyOf, apiKeySchema, validate, type ApiKeyRecord, type Role } from '@kintsugi/contracts';

const secretBytesMin = 16;

export interface NewApiKey {
  /** To be shown once and kept by its user. */
  key: string;
  /** For the file that API_KEYS_FILE names; it does not reveal the key. */
  record: ApiKeyRecord;
}

/**
 * Makes an API key of a secret.
 * @param secret at least 16 random bytes, from a generator fit for secrets
 */
export async function makeApiKey(about: { id: string; role: Role; expires_at?: string }, secret: Uint8Array): Promise<NewApiKey> {
  if (secret.length < secretBytesMin) {
    throw new RangeError(`A secret has at least ${secretBytesMin} bytes, not ${secret.length}.`);
  }
  const key = apiKeyOf(about.id, hexOf(secret));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return { key, record: validate(apiKeySchema, { ...about, sha256: hexOf(new Uint8Array(hash)) }) };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
