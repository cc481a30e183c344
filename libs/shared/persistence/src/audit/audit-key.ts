import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

const idLength = 16;

/** The key by which a service signs its chain: Ed25519 (RFC 8032). */
export class AuditKey {
  readonly publicKey: AuditPublicKey;

  private constructor(private readonly secret: KeyObject) {
    this.publicKey = new AuditPublicKey(createPublicKey(secret));
  }

  /** @throws where the text is no PEM of a private Ed25519 key */
  static fromPem(pem: string): AuditKey {
    return new AuditKey(requireEd25519(createPrivateKey(pem)));
  }

  /** A new one, as the PEM that `fromPem` reads. */
  static generatePem(): string {
    return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text), this.secret).toString('base64');
  }
}

/** What signatures are held against. */
export class AuditPublicKey {
  /** The beginning of the SHA-256 of the key, in base64url: entries name the key that signed them by it. */
  readonly id: string;
  readonly pem: string;

  constructor(private readonly key: KeyObject) {
    const bytes = key.export({ type: 'spki', format: 'der' });
    this.id = createHash('sha256').update(bytes).digest('base64url').slice(0, idLength);
    this.pem = key.export({ type: 'spki', format: 'pem' }) as string;
  }

  /** Of the PEM of a public key, or of a private one. */
  static fromPem(pem: string): AuditPublicKey {
    return new AuditPublicKey(requireEd25519(createPublicKey(pem)));
  }

  hasSigned(text: string, signature: string): boolean {
    return verify(null, Buffer.from(text), this.key, Buffer.from(signature, 'base64'));
  }
}

function requireEd25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`The key is ${key.asymmetricKeyType}, and has to be ed25519.`);
  return key;
}
