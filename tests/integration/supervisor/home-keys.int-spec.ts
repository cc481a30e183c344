import { existsSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKeyIdOf, apiKeyOf } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { ApiKeys } from '@kintsugi/persistence/api-keys';
import { createTemporaryFolder, startTestServers, type TemporaryFolder, type TestServers } from '@kintsugi/testing';
import { prepareKeys } from '../../../tools/supervisor/src/keys/home-keys.js';

let servers: TestServers;
let store: Store;
let keys: ApiKeys;
let homes: TemporaryFolder[];
let home: string;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'keys', applicationName: 'test' }, () => undefined);
  keys = new ApiKeys(store);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

beforeEach(async () => {
  await store.db.dropDatabase();
  homes = [createTemporaryFolder('keys'), createTemporaryFolder('keys')];
  home = homes[0]!.path;
});

afterEach(() => Promise.all(homes.map((folder) => folder.remove())));

const fileOf = (folder: string) => join(folder, 'run', 'cli-key');
const commandLineKeyOf = (folder: string) => readFileSync(fileOf(folder), 'utf8').trim();
const idsOf = async () => (await keys.list()).map(({ _id }) => _id.replace(/-[0-9a-f]{8}$/, '-…'));

describe('the keys of a home', () => {
  it('are made at the first start: an admin key that is told once, and one for the command line', async () => {
    const adminKey = await prepareKeys(home, keys);
    expect(apiKeyIdOf(adminKey!)).toBe('admin');
    expect(apiKeyIdOf(commandLineKeyOf(home))).toMatch(/^cli-[0-9a-f]{8}$/);
    expect(await keys.list()).toMatchObject([{ role: 'admin' }, { role: 'admin' }]);
    expect([await keys.knows(adminKey!), await keys.knows(commandLineKeyOf(home))]).toEqual([true, true]);
    expect(statSync(fileOf(home)).mode & 0o777).toBe(0o600);
    const before = commandLineKeyOf(home);
    expect(await prepareKeys(home, keys)).toBeNull();
    expect(commandLineKeyOf(home)).toBe(before);
    expect(await idsOf()).toEqual(['admin', 'cli-…']);
  });

  it('begin with the admin key that the user has chosen, which nobody is told', async () => {
    const chosen = apiKeyOf('mine', 'ab'.repeat(32));
    expect(await prepareKeys(home, keys, { firstAdminKey: chosen })).toBeNull();
    expect(await keys.knows(chosen)).toBe(true);
    expect(await idsOf()).toEqual(['mine', 'cli-…']);
  });

  it('get a new one for the command line when its file is lost, or its key was revoked', async () => {
    await prepareKeys(home, keys);
    const first = commandLineKeyOf(home);
    unlinkSync(fileOf(home));
    await prepareKeys(home, keys);
    const second = commandLineKeyOf(home);
    expect(second).not.toBe(first);
    await keys.revoke(apiKeyIdOf(second)!);
    await prepareKeys(home, keys);
    expect(await keys.knows(commandLineKeyOf(home))).toBe(true);
    expect(await keys.knows(second)).toBe(false);
  });

  it('are each home’s own where several share a database', async () => {
    const other = homes[1]!.path;
    await prepareKeys(home, keys);
    expect(await prepareKeys(other, keys)).toBeNull();
    expect([await keys.knows(commandLineKeyOf(home)), await keys.knows(commandLineKeyOf(other))]).toEqual([true, true]);
  });

  it('have one for what watches the platform, which may not do what an admin may', async () => {
    await prepareKeys(home, keys, { isWatched: true });
    expect(await idsOf()).toEqual(['admin', 'cli-…', 'monitoring-…']);
    expect((await keys.list()).at(-1)).toMatchObject({ role: 'operator' });
    const file = join(home, 'run', 'monitoring-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await keys.knows(readFileSync(file, 'utf8').trim())).toBe(true);
  });

  it('end with what they are for: that of what watches the platform is revoked once nothing does', async () => {
    await prepareKeys(home, keys, { isWatched: true });
    const file = join(home, 'run', 'monitoring-key');
    const watching = readFileSync(file, 'utf8').trim();
    await prepareKeys(home, keys);
    expect([await keys.knows(watching), existsSync(file)]).toEqual([false, false]);
    await prepareKeys(home, keys, { isWatched: true });
    expect(await keys.knows(readFileSync(file, 'utf8').trim())).toBe(true);
  });
});
