// A restore that is killed leaves nothing that passes for whole: the next start refuses it, and another restore mends it.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SchemaError, Store, migrateUp, requireSchema, schemaStateOf, type DatabaseSchema } from '@kintsugi/persistence';
import { backUp, checkBackup, restore } from '@kintsugi/persistence/backup';
import { createTemporaryFolder, eventually, startTestServers, type TemporaryFolder, type TestServers } from '@kintsugi/testing';

const never = new AbortController().signal;
const schema: DatabaseSchema = { database: 'jobs', migrations: [] };
const prefix = 'broken';
const places = ['jobs', 'metrics'];

let servers: TestServers;
let server: Store;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = createTemporaryFolder('backup');
  servers = await startTestServers();
  server = await Store.connect({ url: servers.mongoUrl, database: 'admin', applicationName: 'test' }, () => undefined);
  for (const place of places) {
    await requireSchema(storeOf(place), schema);
    await thingsOf(place).insertMany(Array.from({ length: 10 }, (_, at) => ({ _id: `${place} ${at}` })));
  }
});

afterAll(async () => {
  await server?.close();
  await servers?.stop();
  await folder?.remove();
});

const storeOf = (place: string): Store => server.beside(`${prefix}_${place}`);
const thingsOf = (place: string) => storeOf(place).collection<{ _id: string }>('things');

/** The server as a process sees it that comes to its end with the first document it writes. */
function serverUntilTheEnd(onEnd: () => void): Store {
  const stopped = () => {
    onEnd();
    return new Promise<never>(() => undefined);
  };
  const db = (name: string) =>
    new Proxy(server.client.db(name), {
      get: (target, property) => {
        if (property === 'collection') return (of: string) => (of === 'things' ? { insertMany: stopped } : target.collection(of));
        const value = Reflect.get(target, property) as unknown;
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
  return Object.assign(Object.create(server) as object, { client: { db } }) as unknown as Store;
}

it('a restore that is killed is told by every start after it, until another one has come to its end', async () => {
  const path = join(folder.path, 'of-both');
  await backUp({ server, prefix, folder: path, signal: never, onProgress: () => undefined });
  const manifest = await checkBackup(path, never);
  const order = { prefix, folder: path, manifest, force: true, signal: never, onProgress: () => undefined };
  let hasEnded = false;
  const killed = serverUntilTheEnd(() => (hasEnded = true));
  Object.defineProperty(killed, 'beside', { value: (database: string) => server.beside(database) });
  void restore({ ...order, server: killed });
  await eventually(() => expect(hasEnded).toBe(true));

  for (const place of places) {
    expect(await schemaStateOf(storeOf(place), schema)).toMatchObject({ status: 'restoring' });
    await expect(requireSchema(storeOf(place), schema)).rejects.toThrow(SchemaError);
    await expect(migrateUp(storeOf(place), schema, never)).rejects.toMatchObject({
      message: expect.stringContaining('is not whole'),
      advice: expect.stringContaining('--force'),
    });
  }

  await restore({ ...order, server });
  for (const place of places) {
    expect(await schemaStateOf(storeOf(place), schema)).toMatchObject({ status: 'current' });
    expect(await thingsOf(place).countDocuments()).toBe(10);
  }
});
