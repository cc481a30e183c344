import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { apiKeyListSchema, parseJson, validate, type ApiKeyRecord } from '@kintsugi/contracts';
import { KeyRing, type Caller } from '../domain/key-ring.js';

const pollIntervalMs = 1_000;

const means = {
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
  equal: (left: string, right: string) => timingSafeEqual(Buffer.from(left), Buffer.from(right)),
};

/**
 * The API keys of a file, read again within a second of its change, so that a key can be revoked while requests come in.
 * A change that cannot be read leaves the keys as they were and is reported.
 */
export class ApiKeyFile {
  private ring: KeyRing;

  constructor(
    private readonly path: string,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.ring = readRing(path);
    watchFile(path, { interval: pollIntervalMs, persistent: false }, this.reload);
  }

  callerOf(key: string): Caller | null {
    return this.ring.callerOf(key, Date.now());
  }

  close(): void {
    unwatchFile(this.path, this.reload);
  }

  private readonly reload = (): void => {
    try {
      this.ring = readRing(this.path);
    } catch (error) {
      this.onFault(error);
    }
  };
}

function readRing(path: string): KeyRing {
  const records: ApiKeyRecord[] = validate(
    apiKeyListSchema,
    parseJson(readFileSync(path, 'utf8'), 'API_KEYS_FILE'),
    'API_KEYS_FILE',
  );
  return new KeyRing(records, means);
}
