// Whoever changes a key is answered, whatever becomes of the audit behind it; and what became of the change is written once it can be.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { databaseActor, type AuditEntry } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { ApiKeys } from '@kintsugi/persistence/api-keys';
import { AuditLog } from '@kintsugi/persistence/audit';
import { AuditEntries } from '@kintsugi/persistence/audit-entries';
import { AuditedApiKeys } from '@kintsugi/persistence/audited-api-keys';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { MongoNetworkError } from 'mongodb';

const reports = { id: 'reports', role: 'viewer', tenant: null, expires_at: null } as const;
const newKey = { key: expect.stringMatching(/^kin_reports_/) };

let servers: TestServers;
let server: Store;
let store: Store;
let databases = 0;
let keys: AuditedApiKeys;

beforeAll(async () => {
  servers = await startTestServers();
  const place = { url: servers.mongoUrl, database: 'admin', applicationName: 'test' };
  server = await Store.connect(place, () => undefined);
});

beforeEach(() => {
  store = server.beside(`kintsugi_audited_${(databases += 1)}`);
  keys = keysOf('one');
});

afterEach(async () => {
  jest.restoreAllMocks();
  await keys.close(0);
});

afterAll(async () => {
  await server?.close();
  await servers?.stop();
});

const keysOf = (instance: string) => new AuditedApiKeys(store, { actor: databaseActor('ada'), instance, pem: undefined });
const phases = async (): Promise<AuditEntry['phase'][]> => (await new AuditEntries(store).behind(0)).map(({ phase }) => phase);

/** How things are can be seen once more, and no longer. */
function goAwayOnceAsked(): void {
  jest
    .spyOn(keys, 'list')
    .mockImplementationOnce(async () => [])
    .mockRejectedValue(new MongoNetworkError('killed'));
}

it('a new key is told at once although the database goes away just then, and the end is written once it is back', async () => {
  await keys.create(reports);
  await keys.settled();
  goAwayOnceAsked();
  expect(await keys.rotate('reports', 0)).toEqual(newKey);
  expect(await phases()).toEqual(['asked', 'done', 'asked']);
  jest.restoreAllMocks();
  await keys.settled();
  expect(await phases()).toEqual(['asked', 'done', 'asked', 'done']);
});

it('no change waits for its end to be written', async () => {
  jest.spyOn(AuditLog.prototype, 'appendSurely').mockReturnValue(new Promise(() => undefined));
  expect(await keys.create(reports)).toEqual(newKey);
  expect(await keys.rotate('reports', 0)).toEqual(newKey);
  expect(await keys.revoke('reports')).toBe('changed');
});

it('a change that failed says why, and is in the audit as one whose end nobody knows', async () => {
  goAwayOnceAsked();
  jest.spyOn(ApiKeys.prototype, 'revoke').mockRejectedValue(new Error('broken'));
  await expect(keys.revoke('reports')).rejects.toThrow('broken');
  jest.restoreAllMocks();
  await keys.settled();
  expect(await phases()).toEqual(['asked', 'unknown']);
});

it('a preparation that failed is made again with the next change', async () => {
  jest.spyOn(AuditLog.prototype, 'prepare').mockRejectedValueOnce(new Error('not now'));
  await expect(keys.create(reports)).rejects.toThrow('not now');
  expect(await keys.create(reports)).toEqual(newKey);
});

it('a change that was cut off gets its end once a process of that name prepares, before it changes anything', async () => {
  const ending = jest.spyOn(AuditLog.prototype, 'appendSurely').mockReturnValue(new Promise(() => undefined));
  await keys.create({ ...reports, id: 'cut-off' });
  // The end of another test's change may still be on its way.
  const own = expect.objectContaining({ by: [expect.objectContaining({ subjects: ['cut-off'] })] });
  await eventually(() => expect(ending.mock.calls.map(([note]) => note)).toContainEqual(own));
  jest.restoreAllMocks();
  const next = keysOf('one');
  await next.prepare();
  await next.settled();
  expect(await phases()).toEqual(['asked', 'unknown']);
});
