import { describe, expect, test } from '@jest/globals';
import type { Store } from '@kintsugi/persistence';
import { recordSample } from '../domain/error-record-sample.js';
import { ErrorRecordStore } from './error-record-store.js';

const storeThat = (
  bulkWrite: (operations: object[]) => Promise<unknown>,
  announce: (hours: { updateOne: { filter: { _id: number } } }[]) => Promise<unknown> = async () => undefined,
): ErrorRecordStore => {
  const collection = (name: string) => ({ bulkWrite: name === 'error_records' ? bulkWrite : announce });
  return new ErrorRecordStore({ collection } as unknown as Store);
};

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

  test('announces the hours of the past that it changes before and after, and of a recent one nothing', async () => {
    const done: string[] = [];
    const store = storeThat(
      async (operations) => {
        done.push('written');
        return { insertedCount: 0, matchedCount: operations.length };
      },
      async (hours) => void done.push(...hours.map(({ updateOne: { filter } }) => new Date(filter._id).toISOString())),
    );
    const now = new Date().toISOString();
    const changeAt = (before: string, timestamp: string) => ({
      previous: recordSample(1, { timestamp: before }),
      next: recordSample(1, { timestamp, attempt: 2, version: 2 }),
    });
    await store.write([changeAt(now, now)]);
    expect(done.splice(0)).toEqual(['written']);
    await store.write([
      changeAt('2020-03-01T06:59:59.999Z', now),
      changeAt('2020-03-01T06:00:00.000Z', '2020-03-01T08:10:00.000Z'),
    ]);
    const hours = ['2020-03-01T06:00:00.000Z', '2020-03-01T08:00:00.000Z'];
    expect(done).toEqual([...hours, 'written', ...hours]);
  });
});
