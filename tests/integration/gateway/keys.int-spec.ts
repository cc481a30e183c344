import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { apiKeyIdOf, apiKeyOf, type KeyList, type MadeApiKey, type Problem } from '@kintsugi/contracts';
import type { Service } from '@kintsugi/hosting';
import { SchemaError, Store } from '@kintsugi/persistence';
import { ApiKeys, type MadeKey } from '@kintsugi/persistence/api-keys';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import type { gatewaySettings } from '../../../apps/gateway/src/gateway.config.js';
import { gateway as definition } from '../../../apps/gateway/src/gateway.js';
import { startService } from '../service-under-test.js';

type Gateway = Service<typeof gatewaySettings>;

let servers: TestServers;
let store: Store;
let keys: ApiKeys;
let gateways: Gateway[];

beforeAll(async () => {
  servers = await startTestServers();
  const place = { url: servers.mongoUrl, database: 'kintsugi_access', applicationName: 'test' };
  store = await Store.connect(place, () => undefined);
  keys = new ApiKeys(store);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

beforeEach(async () => {
  await store.db.dropDatabase();
  gateways = [];
});

afterEach(() => Promise.all(gateways.map((gateway) => gateway.close())));

async function open(settings: Record<string, string> = {}): Promise<Gateway> {
  const { service: gateway } = await startService(definition, servers, { API_PORT: '0', ...settings });
  gateways.push(gateway);
  return gateway;
}

/** The list of targets is asked of no service, and of NATS only. */
const ask = ({ url }: Gateway, key: string) => fetch(`${url}/metrics/targets`, { headers: { authorization: `Bearer ${key}` } });
const statusOf = async (gateway: Gateway, key: string) => (await ask(gateway, key)).status;
const keyOf = (made: MadeKey | string): string => (typeof made === 'string' ? made : made.key);
const make = (id: string, expires_at: Date | null = null) => keys.create({ id, role: 'viewer', tenant: null, expires_at });
const create = async (id: string, expires_at: Date | null = null) => keyOf(await make(id, expires_at));

describe('a key', () => {
  it('is known to every gateway once it is made, and to none once it is revoked', async () => {
    const both = [await open(), await open()];
    const key = await create('reports');
    for (const gateway of both) await eventually(async () => expect(await statusOf(gateway, key)).toBe(200));
    expect(await keys.revoke('reports')).toBe('changed');
    for (const gateway of both) await eventually(async () => expect(await statusOf(gateway, key)).toBe(401));
  });

  it('that was rotated is accepted beside the new one for as long as was said, and no longer where nothing was said', async () => {
    const gateway = await open();
    const first = await create('reports');
    const second = keyOf(await keys.rotate('reports', 3_600));
    await eventually(async () => expect(await statusOf(gateway, second)).toBe(200));
    expect(await statusOf(gateway, first)).toBe(200);
    const third = keyOf(await keys.rotate('reports', 0));
    await eventually(async () => expect(await statusOf(gateway, third)).toBe(200));
    expect([await statusOf(gateway, first), await statusOf(gateway, second)]).toEqual([401, 401]);
  });

  it('is refused once it has expired', async () => {
    const gateway = await open();
    const key = await create('reports', new Date(Date.now() + 1_500));
    await eventually(async () => expect(await statusOf(gateway, key)).toBe(200));
    await eventually(async () => expect(await statusOf(gateway, key)).toBe(401));
  });
});

describe('over HTTP', () => {
  const admin = apiKeyOf('admin', 'ab'.repeat(32));

  async function by(key: string, gateway: Gateway, method: string, path: string, body?: unknown) {
    const response = await fetch(`${gateway.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { items, key: made, code, ...rest } = (await response.json()) as KeyList & MadeApiKey & Problem;
    return { status: response.status, items, made, code, rest };
  }

  it('an admin makes a key, which is told once, rotates it and revokes it', async () => {
    const gateway = await open({ FIRST_ADMIN_KEY: admin });
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const { status, made } = await by(admin, gateway, 'POST', '/v1/keys', { id: 'reports', role: 'viewer', expires_at: ends });
    expect(status).toBe(200);
    await eventually(async () => expect(await statusOf(gateway, made)).toBe(200));
    const { items } = await by(admin, gateway, 'GET', '/v1/keys');
    expect(items).toMatchObject([
      { id: 'admin' },
      { id: 'reports', role: 'viewer', tenant: null, status: 'good', expires_at: ends },
    ]);
    expect(JSON.stringify(items)).not.toMatch(new RegExp(`${made}|sha256`));

    const second = await by(admin, gateway, 'POST', '/v1/keys/reports/rotate?overlap_s=3600');
    await eventually(async () => expect(await statusOf(gateway, second.made)).toBe(200));
    expect(await statusOf(gateway, made)).toBe(200);
    const third = await by(admin, gateway, 'POST', '/v1/keys/reports/rotate');
    await eventually(async () => expect(await statusOf(gateway, third.made)).toBe(200));
    expect(await statusOf(gateway, second.made)).toBe(401);

    expect(await by(admin, gateway, 'POST', '/v1/keys/reports/revoke')).toMatchObject({ status: 200, rest: { revoked: true } });
    await eventually(async () => expect(await statusOf(gateway, third.made)).toBe(401));
    const refused = await Promise.all([
      by(admin, gateway, 'POST', '/v1/keys/reports/revoke'),
      by(admin, gateway, 'POST', '/v1/keys/reports/rotate'),
      by(admin, gateway, 'POST', '/v1/keys/nobody/revoke'),
      by(admin, gateway, 'POST', '/v1/keys', { id: 'reports', role: 'admin' }),
      by(admin, gateway, 'POST', '/v1/keys', { id: 'past', role: 'viewer', expires_at: '2020-01-01T00:00:00Z' }),
      by(admin, gateway, 'POST', '/v1/keys', { id: 'No Name', role: 'viewer' }),
      by(admin, gateway, 'POST', '/v1/keys/admin/rotate?overlap_s=9999999'),
    ]);
    const codes = ['STATE_CONFLICT', 'STATE_CONFLICT', 'KEY_NOT_FOUND', 'KEY_EXISTS', ...Array(3).fill('VALIDATION_FAILED')];
    expect(refused.map(({ code }) => code)).toEqual(codes);
  });

  it('the client does the same, typed, and throws what is refused', async () => {
    const gateway = await open({ FIRST_ADMIN_KEY: admin });
    const client = createClient({ baseUrl: gateway.url, apiKey: admin });
    const { id, key } = await client.createKey({ id: 'reports', role: 'viewer' });
    await eventually(async () => expect(await statusOf(gateway, key)).toBe(200));
    const second = await client.rotateKey(id, { overlap_s: 3_600 });
    await eventually(async () => expect(await statusOf(gateway, second.key)).toBe(200));
    expect(await statusOf(gateway, key)).toBe(200);
    expect(await client.revokeKey(id)).toEqual({ id, revoked: true });
    expect((await client.listKeys()).items).toMatchObject([
      { id: 'admin', status: 'good' },
      { id, status: 'revoked' },
    ]);
    await expect(client.rotateKey(id)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(client.revokeKey('a/../admin')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('nobody else does, whatever the role, nor an admin of one tenant', async () => {
    const gateway = await open({ FIRST_ADMIN_KEY: admin });
    const operator = keyOf(await keys.create({ id: 'operator', role: 'operator', tenant: null, expires_at: null }));
    const bound = keyOf(await keys.create({ id: 'bound', role: 'admin', tenant: 'acme', expires_at: null }));
    await eventually(async () => expect((await by(bound, gateway, 'GET', '/v1/jobs')).code).not.toBe('UNAUTHENTICATED'));
    for (const key of [operator, bound]) {
      const wanted = { id: 'mine', role: 'admin' };
      expect(await by(key, gateway, 'GET', '/v1/keys')).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      expect(await by(key, gateway, 'POST', '/v1/keys', wanted)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      expect(await by(key, gateway, 'POST', '/v1/keys/admin/rotate')).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      expect(await by(key, gateway, 'POST', '/v1/keys/admin/revoke')).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect((await keys.list()).map(({ _id, revoked_at }) => [_id, revoked_at])).toEqual([
      ['admin', null],
      ['operator', null],
      ['bound', null],
    ]);
  });

  it('there are none while AUTH is off, which is said', async () => {
    const gateway = await open({ AUTH: 'off' });
    const { status, code } = await by('', gateway, 'GET', '/v1/keys');
    expect([status, code]).toEqual([409, 'STATE_CONFLICT']);
  });
});

describe('the first key', () => {
  const mine = apiKeyOf('mine', 'ab'.repeat(32));

  it('is the one of FIRST_ADMIN_KEY while there is none, and never again', async () => {
    const gateway = await open({ FIRST_ADMIN_KEY: mine });
    expect(await statusOf(gateway, mine)).toBe(200);
    const other = apiKeyOf('other', 'ab'.repeat(32));
    const second = await open({ FIRST_ADMIN_KEY: other });
    expect([await statusOf(second, mine), await statusOf(second, other)]).toEqual([200, 401]);
    await keys.revoke('mine');
    const third = await open({ FIRST_ADMIN_KEY: mine });
    expect(await statusOf(third, mine)).toBe(401);
    expect(await keys.list()).toMatchObject([{ _id: 'mine', role: 'admin' }]);
  });

  it('is one where several gateways start at once', async () => {
    await Promise.all([open({ FIRST_ADMIN_KEY: mine }), open({ FIRST_ADMIN_KEY: mine }), open({ FIRST_ADMIN_KEY: mine })]);
    expect(await keys.list()).toHaveLength(1);
  });
});

describe('the start', () => {
  it('is refused on a database of a newer version', async () => {
    await store.collection<{ _id: string; version: number }>('schema_version').insertOne({ _id: 'schema', version: 7 });
    await expect(open()).rejects.toThrow(SchemaError);
    await expect(open()).rejects.toThrow('kintsugi_access has schema version 7, written by a newer Kintsugi');
  });

  it('needs no database while AUTH is off', async () => {
    const gateway = await open({ AUTH: 'off', MONGO_URL: 'mongodb://127.0.0.1:1' });
    expect((await fetch(`${gateway.url}/metrics/targets`)).status).toBe(200);
  });
});

describe('while the database is away', () => {
  it('a key that was known is accepted, any other is put off and not refused, and all is well once it is back', async () => {
    const gateway = await open();
    const [key, unasked] = [await create('reports'), await create('others')];
    await eventually(async () => expect(await statusOf(gateway, key)).toBe(200));
    const made = apiKeyOf('new', 'ab'.repeat(32));
    await servers.mongo.kill();
    try {
      await eventually(async () => expect(await statusOf(gateway, made)).toBe(503));
      const reply = await ask(gateway, made);
      expect(reply.headers.get('retry-after')).toBe('1');
      expect((await reply.json()) as Problem).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      expect([await statusOf(gateway, key), await statusOf(gateway, unasked), await statusOf(gateway, 'kin_x')]).toEqual([
        200, 200, 401,
      ]);
      const ready = await fetch(`http://${gateway.opsAddress}/health/ready`);
      expect(ready.status).toBe(503);
    } finally {
      await servers.mongo.start();
    }
    await eventually(async () => expect(await statusOf(gateway, made)).toBe(401));
    await keys.revoke('reports');
    await eventually(async () => expect(await statusOf(gateway, key)).toBe(401));
  });
});

describe('what is kept of a key', () => {
  it('is its hash, and nothing that lets anybody in', async () => {
    const key = await create('reports');
    const [, , secret = ''] = key.split('_');
    expect(apiKeyIdOf(key)).toBe('reports');
    const kept = JSON.stringify(await store.collection('api_keys').find().toArray());
    expect(kept).toContain('"sha256"');
    expect(kept).not.toContain(secret);
    expect(JSON.stringify(await keys.list())).not.toContain('sha256');
  });

  it('stays once it is revoked: nobody is ever given its name again, and nothing brings it back', async () => {
    await create('reports');
    await keys.revoke('reports');
    expect([await make('reports'), await keys.rotate('reports', 0), await keys.revoke('reports')]).toEqual([
      'taken',
      'revoked',
      'revoked',
    ]);
    expect([await keys.rotate('nobody', 0), await keys.revoke('nobody')]).toEqual(['absent', 'absent']);
  });

  it('rises in revision with each change, of whichever key, and no change is ever passed over', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `key-${index}`);
    let known = -1;
    const seen = new Set<string>();
    const read = async () => {
      for (const { id, revision } of await keys.changedSince(known)) {
        seen.add(id);
        known = Math.max(known, revision);
      }
    };
    const created = Promise.all(ids.map((id) => create(id)));
    for (let round = 0; round < 20; round += 1) await read();
    await created;
    await read();
    expect([...seen].sort()).toEqual([...ids].sort());
    await Promise.all(ids.map((id) => keys.rotate(id, 0)));
    expect(await keys.changedSince(known)).toHaveLength(ids.length);
  });

  it.each([
    ['a name that is none', { id: 'No Name' }],
    ['a role that there is not', { role: 'owner' as never }],
  ])('is not written with %s', async (_, change) => {
    await expect(keys.create({ id: 'reports', role: 'viewer', tenant: null, expires_at: null, ...change })).rejects.toMatchObject(
      {
        name: 'ValidationError',
      },
    );
    expect(await keys.isEmpty()).toBe(true);
  });
});
