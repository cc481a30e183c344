import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Collection, InsertManyResult } from 'mongodb';
import { Store, duplicatesIn, durable } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';

interface Thing {
  _id: string;
  size: number;
}

let servers: TestServers;
let store: Store;
let things: Collection<Thing>;
let collections = 0;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'bulk', applicationName: 'test' }, () => undefined);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

beforeEach(async () => {
  collections += 1;
  const validator = { $jsonSchema: { properties: { size: { minimum: 0 } } } };
  things = await store.db.createCollection<Thing>(`things_${collections}`, { validator });
  await things.insertOne({ _id: 'known', size: 1 });
});

const insert = (sizes: Record<string, number>, options: object = durable): Promise<InsertManyResult<Thing>> =>
  things.insertMany(
    Object.entries(sizes).map(([_id, size]) => ({ _id, size })),
    { ordered: false, ...options },
  );
const places = async (writing: Promise<unknown>) =>
  duplicatesIn(await writing.catch((error: unknown) => error)).map(({ index }) => index);

it('of a bulk write tells which documents were there before', async () => {
  expect(await places(insert({ new: 1, known: 2 }))).toEqual([1]);
});

it('takes no document for one that was there before which was refused beside it', async () => {
  await expect(places(insert({ known: 2, refused: -1, new: 3 }))).rejects.toMatchObject({ code: 11_000, insertedCount: 1 });
});

it('takes a bulk write for none that met only what was there while it is not as safe as it was to be', async () => {
  const writing = insert({ known: 2, new: 3 }, { writeConcern: { w: 3, wtimeoutMS: 100 } });
  await expect(places(writing)).rejects.toMatchObject({ name: 'MongoBulkWriteError' });
});
