// Who has API keys changed is shown to admins of all tenants, by the gateway, whose database has the keys.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { apiKeyOf, databaseActor, type AuditExport, type AuditPage } from '@kintsugi/contracts';
import { AuditedApiKeys } from '@kintsugi/persistence/audited-api-keys';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { gateway } from '../../../apps/gateway/src/gateway.js';
import { startService, type ServiceUnderTest } from '../service-under-test.js';

const admin = apiKeyOf('first', randomBytes(32).toString('hex'));

let servers: TestServers;
let under: ServiceUnderTest<never>;

beforeAll(async () => {
  servers = await startTestServers();
  const settings = { AUTH: 'on', API_HOST: '127.0.0.1', API_PORT: '0', FIRST_ADMIN_KEY: admin };
  under = (await startService(gateway, servers, settings)) as unknown as ServiceUnderTest<never>;
});

afterAll(async () => {
  await under?.service.close();
  await servers?.stop();
});

async function read<Answer>(path: string, key: string): Promise<Answer> {
  const response = await fetch(`${under.service.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()) as Answer;
}

it('from the first key on, whoever made it', async () => {
  // A gateway is there before it has written what became of the first key.
  await eventually(async () => {
    const { items } = await read<AuditPage>('/v1/audit?service=access', admin);
    expect(items).toMatchObject([{ action: 'keepFirstKey', phase: 'done' }]);
  });
  const keys = new AuditedApiKeys(under.service.store, { actor: databaseActor('ada'), instance: 'test', pem: undefined });
  const blue = await keys.create({ id: 'blue', role: 'admin', tenant: 'blue', expires_at: null });
  await keys.settled();
  const page = await read<AuditPage>('/v1/audit?service=access', admin);
  expect(page.items).toMatchObject([
    {
      service: 'access',
      phase: 'done',
      action: 'createKey',
      by: [{ actor: { name: 'ada', door: 'database' }, subjects: ['blue'] }],
    },
    { service: 'access', phase: 'done', action: 'keepFirstKey', by: [{ actor: { name: 'gateway' }, subjects: ['first'] }] },
  ]);
  const chain = await read<AuditExport>('/v1/audit/export?service=access', admin);
  expect(chain.items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect((await read<AuditExport>('/v1/audit/export?service=access', admin)).head).toMatchObject({ service: 'access', seq: 4 });
  const ofBlue = (blue as { key: string }).key;
  // The gateway hears of a key that was made in its database within a second.
  await eventually(async () =>
    expect(await read('/v1/audit/export?service=access', ofBlue)).toMatchObject({ code: 'FORBIDDEN' }),
  );
  expect((await read<AuditPage>('/v1/audit?service=access', ofBlue)).items).toMatchObject([{ action: 'createKey' }]);
});

it('and changes by HTTP, each with who asked for it, of which none leaves a listener behind', async () => {
  const { client } = under.service.store;
  const listeners = (): number => client.eventNames().reduce((sum, name) => sum + client.listenerCount(name as 'close'), 0);
  const create = async (id: string): Promise<void> => {
    const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ id, role: 'viewer' });
    expect((await fetch(`${under.service.url}/v1/keys`, { method: 'POST', headers, body })).ok).toBe(true);
  };
  const before = listeners();
  for (const id of ['one', 'two', 'three']) await create(id);
  expect(listeners()).toBe(before);
  await eventually(async () => {
    const { items } = await read<AuditPage>('/v1/audit?service=access&actor=first', admin);
    expect(items.map(({ by }) => by[0]?.subjects)).toEqual([['three'], ['two'], ['one']]);
  });
});

it('and a gateway that ends writes first what became of them', async () => {
  const close = jest.spyOn(AuditedApiKeys.prototype, 'close');
  const { store } = under.service;
  await under.service.close();
  expect(close).toHaveBeenCalledTimes(1);
  await expect(store.ping()).rejects.toThrow();
});
