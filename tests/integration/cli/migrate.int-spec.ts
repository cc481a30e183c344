import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Leadership, Store } from '@kintsugi/persistence';
import { freePort } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { runCommand, startCommand } from '../../command-line.js';

const emptyHome = createTemporaryFolder('home');

let servers: TestServers;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'mine_recovery', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
  await emptyHome.remove();
});

const migrate = (action: string, mongoUrl: string, ...options: string[]) =>
  runCommand(['migrate', action, '--home', emptyHome.path, ...options], { MONGO_URL: mongoUrl, DATABASE_PREFIX: 'mine' });

describe('migrate', () => {
  test('status of empty databases finds nothing to do, and writes nothing', async () => {
    const { code, stdout } = await migrate('status', servers.mongoUrl, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      databases: ['mine_jobs', 'mine_recovery', 'mine_metrics', 'mine_access'].map((database) =>
        expect.objectContaining({ database, status: 'current', pending: [] }),
      ),
    });
    expect(await store.db.listCollections().toArray()).toEqual([]);
  });

  test('up runs what status found, and finds nothing the second time', async () => {
    await store.collection<{ _id: string }>('retry_configs').insertOne({ _id: 'smtp.*' });
    const before = await migrate('status', servers.mongoUrl);
    expect(before).toMatchObject({ code: 1, stdout: expect.stringMatching(/mine_recovery +0 +4 +pending +times-as-dates/) });
    const first = await migrate('up', servers.mongoUrl);
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /mine_recovery +4 +4 +current +times-as-dates is done,\s+failed-runs is done,\s+policy-versions is done,\s+failure-hours-in-parts is done/,
      ),
    });
    const { stdout } = await migrate('up', servers.mongoUrl, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ databases: [{}, { database: 'mine_recovery', version: 4, applied: [] }, {}, {}] });
  });

  test('ends on Ctrl-C with nothing half done, also while another migrates', async () => {
    const held = store.beside('held_recovery');
    await held.collection<{ _id: string }>('retry_configs').insertOne({ _id: 'smtp.*' });
    const other = new Leadership(held, { role: 'migrations', holder: 'other', onLost: () => undefined });
    await other.acquire(new AbortController().signal);
    const environment = { MONGO_URL: servers.mongoUrl, DATABASE_PREFIX: 'held' };
    const child = startCommand(['migrate', 'up', '--home', emptyHome.path], environment);
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    // It waits for the lease once it has noted which version there is.
    await eventually(async () => expect(await held.collection('schema_version').findOne()).toMatchObject({ version: 0 }));
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, said }).toEqual({ code: 130, said: expect.stringContaining('Broken off.') });
    expect(await held.collection('schema_version').findOne()).toMatchObject({ version: 0 });
    await other.release();
  });

  test('says what it misses: a MongoDB that answers, or the name of one', async () => {
    const away = await migrate('up', `mongodb://127.0.0.1:${await freePort()}/?directConnection=true`);
    expect(away).toMatchObject({ code: 69, stderr: expect.stringContaining('MongoDB is not reachable') });
    expect(away.stderr).toContain('See that MONGO_URL is right');
    const unnamed = await migrate('up', '');
    expect(unnamed).toMatchObject({ code: 69, stderr: expect.stringContaining('MONGO_URL is not set') });
  });

  test('refuses a prefix that no service takes', async () => {
    const { code, stderr } = await runCommand(['migrate', 'up', '--home', emptyHome.path], {
      MONGO_URL: servers.mongoUrl,
      DATABASE_PREFIX: 'Mine!',
    });
    expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringContaining('DATABASE_PREFIX: a lower-case name') });
  });
});
