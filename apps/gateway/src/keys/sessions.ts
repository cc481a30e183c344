import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Keys are short; whatever is longer was sealed by somebody else. */
const tokenLengthMax = 1_024;
const hourMs = 3_600_000;

export interface Session {
  key: string;
  expiresAt: Date;
}

/**
 * What a browser holds in place of an API key: the key itself, sealed so that only a gateway with the same secret reads it, and only
 * until a time. Nothing is kept here: a session ends with its key, wherever that is revoked.
 */
export class Sessions {
  private readonly secret: Uint8Array;
  private readonly lastsMs: number;

  /** @param secret where there is none, sessions last as long as this process */
  constructor(
    secret: string | undefined,
    hours: number,
    private readonly now: () => number = Date.now,
  ) {
    this.secret = new Uint8Array(hkdfSync('sha256', secret ?? randomBytes(32), '', 'kintsugi console session', 32));
    this.lastsMs = hours * hourMs;
  }

  seal(key: string): { token: string; expiresAt: Date } {
    const expiresAt = new Date(this.now() + this.lastsMs);
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.secret, nonce);
    const sealed = Buffer.concat([sealing.update(JSON.stringify([key, expiresAt.getTime()]), 'utf8'), sealing.final()]);
    return { token: Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64url'), expiresAt };
  }

  /** Null for a session that is over, or that is none of ours. */
  open(token: string): Session | null {
    if (token.length > tokenLengthMax) return null;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length <= nonceBytes + tagBytes) return null;
    try {
      const opening = createDecipheriv(cipher, this.secret, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const text = Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]).toString('utf8');
      const [key, expiresAtMs] = JSON.parse(text) as [string, number];
      return expiresAtMs > this.now() ? { key, expiresAt: new Date(expiresAtMs) } : null;
    } catch {
      return null;
    }
  }
}
