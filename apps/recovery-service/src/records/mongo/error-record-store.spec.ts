import { describe, expect, test } from '@jest/globals';
import type { Store } from '@kintsugi/persistence';
import { recordSample } from '../domain/error-record-sample.js';
import { ErrorRecordStore } from './error-record-store.js';

const storeThat = (bulkWrite: (operations: object[]) => Promise<unknown>): ErrorRecordStore =>
  new ErrorRecordStore({ collection: () => ({ bulkWrite }) } as unknown as Store);

const changeOf = (index: number) => ({ previous: recordSample(index), next: recordSample(index, { attempt: 2, version: 2 }) });

describe('writing error records', () => {
  test('is to be looked at again where the connection broke: some may be written', async () => {
    const cut = Object.assign(new Error('The connection is closed.'), { name: 'MongoNetworkError' });
    expect(await storeThat(() => Promise.reject(cut)).write([changeOf(1)])).toBe(false);
    const refused = new Error('The document is too large.');
    await expect(storeThat(() => Promise.reject(refused)).write([changeOf(1)])).rejects.toThrow(refused);
  });

  test('is one operation for all that have changed alike, and one that the driver repeats for any other', async () => {
    const given: object[] = [];
    const store = storeThat(async (operations) => {
      given.push(...operations);
      return { insertedCount: 0, matchedCount: 3 };
    });
    const other = { previous: recordSample(3), next: recordSample(3, { attempt: 3, version: 2 }) };
    expect(await store.write([changeOf(1), other, changeOf(2)])).toBe(true);
    expect(given).toEqual([
      {
        updateMany: {
          filter: { _id: { $in: [1, 2].map((index) => recordSample(index)._id) }, version: 1 },
          update: { $set: { attempt: 2, version: 2 } },
        },
      },
      {
        updateOne: { filter: { _id: { $in: [recordSample(3)._id] }, version: 1 }, update: { $set: { attempt: 3, version: 2 } } },
      },
    ]);
  });
});
