// Sieves of error records are kept in a clustered collection, whose index is its own: a backup has to bring it back as one.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Store, requireSchema, type DatabaseSchema } from '@kintsugi/persistence';
import { backUp, checkBackup, restore } from '@kintsugi/persistence/backup';
import { createTemporaryFolder, startTestServers, type TemporaryFolder, type TestServers } from '@kintsugi/testing';
import { failureHoursOf } from '../../../apps/recovery-service/src/records/mongo/changed-hours.js';
import { HourSieveStore } from '../../../apps/recovery-service/src/records/mongo/hour-sieve-store.js';
import { errorRecordsOf } from '../../../apps/recovery-service/src/records/mongo/error-record-collection.js';
import { recordSample } from '../../../apps/recovery-service/src/records/domain/error-record-sample.js';
import { hourMs } from '../../../apps/recovery-service/src/records/domain/failure-hours.js';

const signal = new AbortController().signal;
const schema: DatabaseSchema = { database: 'recovery', migrations: [] };
const hour = 490_000 * hourMs;

let servers: TestServers;
let server: Store;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = createTemporaryFolder('backup');
  servers = await startTestServers();
  server = await Store.connect({ url: servers.mongoUrl, database: 'admin', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await server?.close();
  await servers?.stop();
  await folder?.remove();
});

const rowsOf = (store: Store) => store.collection<{ _id: string }>('failure_sieves');

it('sieves are restored byte by byte, in a collection that is clustered as before', async () => {
  const own = server.beside('before_recovery');
  await requireSchema(own, schema);
  await new HourSieveStore(own).prepare();
  await errorRecordsOf(own).insertOne(recordSample(1, { timestamp: new Date(hour).toISOString() }));
  await failureHoursOf(own).insertOne({ _id: hour, changed: 'once' });
  await new HourSieveStore(own, 1).lay(hour, 'once', 0);

  const path = join(folder.path, 'taken');
  const order = { server, folder: path, signal, onProgress: () => undefined };
  await backUp({ ...order, prefix: 'before' });
  await restore({ ...order, prefix: 'after', manifest: await checkBackup(path, signal), force: false });

  const restored = server.beside('after_recovery');
  await new HourSieveStore(restored).prepare();
  const rows = await rowsOf(restored).find().toArray();
  expect(rows).toHaveLength(512);
  expect(rows).toEqual(await rowsOf(own).find().toArray());
  const [options, before] = await Promise.all([restored, own].map((store) => rowsOf(store).options()));
  expect(options).toHaveProperty('clusteredIndex');
  expect(options).toEqual(before);
  expect(await rowsOf(restored).indexes()).toEqual(await rowsOf(own).indexes());
});
