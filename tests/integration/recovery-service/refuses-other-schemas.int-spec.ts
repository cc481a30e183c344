import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Store } from '@kintsugi/persistence';
import { repository } from '@kintsugi/supervisor';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { environmentWith } from '../../command-line.js';
import { recoveryDatabase, recoveryStore } from './recovery-service-under-test.js';

let servers: TestServers;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  store = await recoveryStore(servers);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

/** Starts recovery-service as its own process, which is expected to end by itself. */
async function runToItsEnd(): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [bundleOf('recovery-service')], {
    cwd: repository,
    env: environmentWith({ NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl, LOG_LEVEL: 'fatal' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

test('recovery-service ends with 78 while a migration is pending, and says what to run', async () => {
  await store.collection<{ _id: string }>('retry_configs').insertOne({ _id: 'smtp.*' });
  const { code, stderr } = await runToItsEnd();
  expect(code).toBe(78);
  expect(stderr).toContain(
    `${recoveryDatabase} has schema version 0, and this Kintsugi needs 4: times-as-dates, failed-runs, policy-versions, failure-hours-in-parts are pending.`,
  );
  expect(stderr).toContain('./kintsugi migrate up');
  // Not even an index was made.
  expect(await store.db.listCollections().toArray()).toHaveLength(1);
});

test('recovery-service ends with 78 on a database of a newer version', async () => {
  await store.collection<{ _id: string; version: number }>('schema_version').insertOne({ _id: 'schema', version: 7 });
  const { code, stderr } = await runToItsEnd();
  expect(code).toBe(78);
  expect(stderr).toContain(
    `${recoveryDatabase} has schema version 7, written by a newer Kintsugi; this one knows no newer than 4.`,
  );
});
