import { expect, test } from '@jest/globals';
import type { Store } from '@kintsugi/persistence';
import { blockWith, runOf } from '../log-lines-of.js';
import { MongoLogStore } from './mongo-log-store.js';

const block = blockWith('01890a5d-ac96-774b-bcce-b302099a8057', 'a', [runOf('0.0', 1, Array<string>(500).fill('as it was'))]);

/** A database that takes no document of one collection, and those of the others when it is told to. */
function refusing(refused: string) {
  const [begun, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const insertInto = (name: string): Promise<void> => {
    if (name === refused) return Promise.reject(new Error(`${name} are away`));
    begun.resolve();
    return stored.promise;
  };
  const collection = (name: string) => ({ insertMany: () => insertInto(name), insertOne: () => insertInto(name) });
  return { store: new MongoLogStore({ collection } as unknown as Store), begun: begun.promise, storeRest: stored.resolve };
}

test.each(['log_sieves', 'log_blocks'])('a failure of %s is told once nothing of a batch is under way', async (refused) => {
  const { store, begun, storeRest } = refusing(refused);
  let isTold = false;
  const adding = store.add([block]).finally(() => (isTold = true));
  const failing = expect(adding).rejects.toThrow(`${refused} are away`);
  await begun;
  await new Promise((resolve) => setImmediate(resolve));
  expect(isTold).toBe(false);
  storeRest();
  await failing;
});
