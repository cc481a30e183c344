// Every process of the platform comes into a NATS that asks who comes, in each way that NATS asks: over its connection, and over the line of its signs of life.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { nkeys } from '@nats-io/nats-core';
import { Bus, natsLogin, startPulse, type NatsLogin } from '@kintsugi/messaging';
import { freePort, resolveBinary, spawnLeashed } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';

type KeyPair = ReturnType<typeof nkeys.createUser>;

interface Guarded {
  /** Lines of the server's configuration. */
  configuration: string[];
  settings: Record<string, string>;
}

const certificates = join(import.meta.dirname, 'certificates');
const pathOf = (name: string): string => JSON.stringify(join(certificates, name));
const pem = (name: string): string => readFileSync(join(certificates, name), 'utf8');
const seedOf = (pair: KeyPair): string => new TextDecoder().decode(pair.getSeed());

/** A claim as an operator, or an account, of NATS signs it. */
function signedJwt(signer: KeyPair, subject: string, nats: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { jti: 'test', iat: 1_700_000_000, iss: signer.getPublicKey(), sub: subject, name: 'test', nats };
  const text = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${text}.${Buffer.from(signer.sign(Buffer.from(text))).toString('base64url')}`;
}

function withCreds(): Guarded {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()];
  const unlimited = { subs: -1, data: -1, payload: -1 };
  const limits = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const accountJwt = signedJwt(operator, account.getPublicKey(), { type: 'account', version: 2, limits });
  const userJwt = signedJwt(account, user.getPublicKey(), { type: 'user', version: 2, pub: {}, sub: {}, ...unlimited });
  const block = (name: string, text: string): string => `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n`;
  return {
    configuration: [
      `operator: ${signedJwt(operator, operator.getPublicKey(), { type: 'operator', version: 2 })}`,
      'resolver: MEMORY',
      `resolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
    ],
    settings: { NATS_CREDS: `${block('NATS USER JWT', userJwt)}\n${block('USER NKEY SEED', seedOf(user))}`.trim() },
  };
}

function withNkey(): Guarded {
  const user = nkeys.createUser();
  return {
    configuration: [`authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`],
    settings: { NATS_NKEY: seedOf(user) },
  };
}

const tlsOfServer = `cert_file: ${pathOf('server.pem')}, key_file: ${pathOf('server-key.pem')}`;

const guards: Record<string, () => Guarded> = {
  'a user and a password': () => ({
    configuration: ['authorization { user: ada, password: "s@cret:/" }'],
    settings: { NATS_USER: 'ada', NATS_PASSWORD: 's@cret:/' },
  }),
  'a token': () => ({ configuration: ['authorization { token: "open sesame" }'], settings: { NATS_TOKEN: 'open sesame' } }),
  'an nkey': withNkey,
  credentials: withCreds,
  'an authority of its own': () => ({
    configuration: [`tls { ${tlsOfServer} }`],
    settings: { NATS_TLS_CA: pem('authority.pem') },
  }),
  'a certificate of the client': () => ({
    configuration: [`tls { ${tlsOfServer}, ca_file: ${pathOf('authority.pem')}, verify: true }`],
    settings: { NATS_TLS_CA: pem('authority.pem'), NATS_TLS_CERT: pem('client.pem'), NATS_TLS_KEY: pem('client-key.pem') },
  }),
};

let folder: TemporaryFolder;
let server: ChildProcess | undefined;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  server?.kill('SIGKILL');
  if (server && server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  server = undefined;
  await folder.remove();
});

async function serve(configuration: string[]): Promise<string> {
  folder = createTemporaryFolder('logins');
  const port = await freePort();
  const path = join(folder.path, 'nats.conf');
  writeFileSync(path, [`listen: "127.0.0.1:${port}"`, ...configuration].join('\n'));
  server = spawnLeashed(resolveBinary('nats-server').path, ['-c', path], { stdio: 'ignore' });
  return `nats://127.0.0.1:${port}`;
}

async function connected(servers: string, login: NatsLogin): Promise<Bus> {
  const bus = await Bus.connect({ servers, name: 'test', login });
  closers.push(() => bus.connection.close());
  return bus;
}

describe('a NATS that asks for', () => {
  it.each(Object.keys(guards))('%s takes in who has it, by connection and by signs of life', async (kind) => {
    const { configuration, settings } = guards[kind]!();
    const servers = await serve(configuration);
    const login = natsLogin((name) => settings[name]);
    const bus = await connected(servers, login);
    let beats = 0;
    bus.subscribe('test.beats', () => (beats += 1));
    const faults: unknown[] = [];
    const pulse = { servers, login, name: 'beat', subject: 'test.beats', body: 'x', everyMs: 20 };
    closers.push(startPulse({ ...pulse, onFault: (fault) => faults.push(fault) }));
    await eventually(() => expect(beats).toBeGreaterThan(2));
    expect(faults).toEqual([]);
  });

  it.each(Object.keys(guards))('%s does not take in who has nothing', async (kind) => {
    const servers = await serve(guards[kind]!().configuration);
    const giveUp = new AbortController();
    let vain = 0;
    const onUnreachable = (error: unknown): void => {
      // Until the server listens there is nobody to refuse anything.
      if (!String(error).includes('refused')) vain += 1;
      if (vain > 1) giveUp.abort(new Error('not taken in'));
    };
    const asked = Bus.connect({ servers, name: 'test', signal: giveUp.signal, onUnreachable });
    await expect(asked).rejects.toThrow(/Authorization|not taken in/i);
  });
});

it('a line that has to be TLS is none where the server has no TLS', async () => {
  const servers = await serve([]);
  const open = await connected(servers, {});
  let beats = 0;
  open.subscribe('test.beats', () => (beats += 1));
  const login = natsLogin((name) => ({ NATS_TLS_CA: pem('authority.pem') })[name]);
  const pulse = { servers, name: 'beat', subject: 'test.beats', body: 'x', everyMs: 5 };
  closers.push(startPulse({ ...pulse, login, onFault: () => undefined }));
  closers.push(startPulse({ ...pulse, subject: 'test.open', onFault: () => undefined }));
  let others = 0;
  open.subscribe('test.open', () => (others += 1));
  await eventually(() => expect(others).toBeGreaterThan(20));
  expect(beats).toBe(0);
  const giveUp = new AbortController();
  const asked = Bus.connect({ servers, name: 'test', login, signal: giveUp.signal, onUnreachable: (why) => giveUp.abort(why) });
  await expect(asked).rejects.toThrow(/tls/i);
});
