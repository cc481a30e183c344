import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { jwtAuthenticator, nkeyAuthenticator, nkeys } from '@nats-io/nats-core';
import { withoutGaps } from '@kintsugi/contracts';
import { natsAddressOf } from './nats-address.js';

/** Who this process is at NATS, and how the line is secured: one identity or none, each as its text and not as a path. */
export interface NatsLogin {
  user?: string;
  password?: string;
  token?: string;
  /** The text of a `.creds` file. */
  creds?: string;
  /** The seed of an nkey. */
  nkey?: string;
  tls?: NatsTls;
}

/** PEM texts. With them the line is TLS or there is none. */
export interface NatsTls {
  /** Whom to trust; the system's authorities when left out. */
  ca?: string;
  /** What a server is shown that asks for a certificate. */
  cert?: string;
  key?: string;
}

/** An identity that is proved by signing what the server asks. */
export interface NatsSigner {
  /** The public key. */
  nkey: string;
  jwt?: string;
  /** Ed25519, as PKCS 8. */
  privateKey: Uint8Array;
}

const identities = ['NATS_USER', 'NATS_TOKEN', 'NATS_CREDS', 'NATS_NKEY'] as const;
const blockOfCreds = /-{3,}[^\n]*-{3,}\s*\n\s*([\w.-]+)\s*\n\s*-{3,}/g;
const headOfPrivateKey = Buffer.from('302e020100300506032b657004220420', 'hex');
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const seedBytes = 32;

/** The login that settings ask for. Throws where they contradict each other, or one is not what it should be. */
export function natsLogin(read: (setting: string) => string | undefined): NatsLogin {
  const given = identities.filter((name) => read(name) !== undefined);
  if (given.length > 1) throw new Error(`${given.join(' and ')} are given: one process has one identity at NATS.`);
  const [cert, key] = [read('NATS_TLS_CERT'), read('NATS_TLS_KEY')];
  if ((cert === undefined) !== (key === undefined)) throw new Error('NATS_TLS_CERT and NATS_TLS_KEY go together.');
  const tls = withoutGaps({ ca: read('NATS_TLS_CA'), cert, key });
  const login: NatsLogin = {
    ...withoutGaps({
      user: read('NATS_USER'),
      password: read('NATS_PASSWORD'),
      token: read('NATS_TOKEN'),
      creds: read('NATS_CREDS'),
      nkey: read('NATS_NKEY'),
    }),
    ...(Object.keys(tls).length > 0 ? { tls } : {}),
  };
  signerOf(login);
  return login;
}

/** The address and the login as the client library takes them. */
export function connectionOptionsOf(
  servers: string,
  { user, password, token, creds, nkey, tls }: NatsLogin,
): NodeConnectionOptions {
  return {
    // The client library takes an undefined as a choice.
    ...withoutGaps({ user, pass: password, token }),
    ...natsAddressOf(servers),
    ...(creds === undefined ? {} : { authenticator: authenticatorOf(creds) }),
    ...(nkey === undefined ? {} : { authenticator: nkeyAuthenticator(bytesOf(nkey.trim())) }),
    ...(tls ? { tls: { ...tls } } : {}),
  };
}

/** What signs for a login; undefined for one that is a password, a token or nothing. */
export function signerOf({ creds, nkey }: NatsLogin): NatsSigner | undefined {
  if (creds === undefined) return nkey === undefined ? undefined : signerOfSeed('NATS_NKEY', nkey.trim());
  const { jwt, seed } = partsOf(creds);
  return { ...signerOfSeed('NATS_CREDS', seed), jwt };
}

/** The client library reads such a text only with the line break at its end, which a setting may lack. */
function authenticatorOf(creds: string): NonNullable<NodeConnectionOptions['authenticator']> {
  const { jwt, seed } = partsOf(creds);
  return jwtAuthenticator(jwt, bytesOf(seed));
}

function partsOf(creds: string): { jwt: string; seed: string } {
  const [jwt, seed] = [...creds.matchAll(blockOfCreds)].map(([, text]) => text);
  if (jwt === undefined || seed === undefined) throw new Error('NATS_CREDS is not the text of a .creds file.');
  return { jwt, seed };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function signerOfSeed(setting: string, seed: string): NatsSigner {
  try {
    const nkey = nkeys.fromSeed(bytesOf(seed)).getPublicKey();
    return { nkey, privateKey: Buffer.concat([headOfPrivateKey, bytesOfSeed(seed)]) };
  } catch {
    throw new Error(`${setting} holds no seed of an nkey.`);
  }
}

/** A seed is base 32 of two bytes that say what it is for, the key itself, and a checksum. */
function bytesOfSeed(seed: string): Buffer {
  const bits = [...seed].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.slice(2, 2 + seedBytes).map((byte) => parseInt(byte, 2)));
}
