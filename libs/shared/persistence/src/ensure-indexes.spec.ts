import { expect, test } from '@jest/globals';
import { ensureIndexes, isUnreachable } from './ensure-indexes.js';
import type { Store } from './store.js';

/** An error as the driver throws it. */
function driverError(name: string, code?: number): Error {
  return Object.assign(new Error('refused'), { name, code });
}

test.each([91, 189, 10107, 11600, 11602, 13435, 13436])('a server that steps down or stops (code %i) is away', (code) => {
  expect(isUnreachable(driverError('MongoServerError', code))).toBe(true);
  expect(isUnreachable(driverError('MongoBulkWriteError', code))).toBe(true);
});

test.each(['MongoNetworkError', 'MongoServerSelectionError', 'MongoPoolClearedError'])('a server of a %s is away', (name) => {
  expect(isUnreachable(driverError(name))).toBe(true);
});

test('a server is away whose connection broke under a bulk write', () => {
  const error = Object.assign(driverError('MongoBulkWriteError'), { errorResponse: driverError('MongoNetworkError') });
  expect(isUnreachable(error)).toBe(true);
});

test.each(['EPIPE', 'ECONNRESET'])('a server is away that has left the socket which was written to (%s)', (code) => {
  expect(isUnreachable(Object.assign(new Error('This socket has been ended by the other party'), { code }))).toBe(true);
});

test('a server is away whose broken socket speaks from another realm', () => {
  const error: unknown = Object.assign(structuredClone(new Error('write EPIPE')), { code: 'EPIPE' });
  expect(error).not.toBeInstanceOf(Error);
  expect(isUnreachable(error)).toBe(true);
});

test.each([
  ['a duplicate key', 11000],
  ['a document that is too large', 10334],
])('%s in a bulk write is no reason to try the same again', (_what, code) => {
  expect(isUnreachable(driverError('MongoBulkWriteError', code))).toBe(false);
});

test('a start waits for one answer of the database, and not for one of each index', async () => {
  const asked: [string, unknown[]][] = [];
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const collection = (name: string) => ({
    createIndexes: (indexes: unknown[]) => {
      asked.push([name, indexes]);
      return answered;
    },
  });
  const made = ensureIndexes({ collection } as unknown as Store, [
    { collection: 'a', keys: { one: 1 }, options: { name: 'one' } },
    { collection: 'b', keys: { two: 1 } },
    { collection: 'a', keys: { three: -1 }, options: { sparse: true } },
  ]);
  const ofA = [
    { key: { one: 1 }, name: 'one' },
    { key: { three: -1 }, sparse: true },
  ];
  expect(asked).toEqual([
    ['a', ofA],
    ['b', [{ key: { two: 1 } }]],
  ]);
  answer();
  await made;
});
