import { expect, test } from '@jest/globals';
import type { Store } from '@kintsugi/persistence';
import { RecoverableRecordStore } from './recoverable-record-store.js';

/** Records of which no search ends: MongoDB breaks off those that have a bound, and the others never. */
function endless(): Store {
  const search = (options?: { maxTimeMS?: number }): Promise<never> =>
    options?.maxTimeMS === undefined
      ? new Promise(() => undefined)
      : Promise.reject(Object.assign(new Error('operation exceeded time limit'), { code: 50 }));
  const cursor = (options?: object) => {
    const chain = { sort: () => chain, limit: () => chain, project: () => chain, toArray: () => search(options) };
    return chain;
  };
  const records = {
    countDocuments: (_filter: object, options?: object) => search(options),
    find: (_filter: object, options?: object) => cursor(options),
  };
  return { collection: () => records } as unknown as Store;
}

const part = { label: { key: 'customer', value: 'ann' } };

test.each([
  ['whether there are any', (store: RecoverableRecordStore) => store.exist(part)],
  ['how many there are', (store: RecoverableRecordStore) => store.countUnrecovered(part, 100)],
  ['which are the newest', (store: RecoverableRecordStore) => store.newestUnrecovered(part, 100)],
])('a filter that cannot be searched in time is refused, asked for %s', async (_what, ask) => {
  await expect(ask(new RecoverableRecordStore(endless()))).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    message: expect.stringContaining('Narrow it'),
    extras: { errors: [expect.objectContaining({ path: 'filter' })] },
  });
});
