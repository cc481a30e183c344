import { expect, test } from '@jest/globals';
import { MongoBulkWriteError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { isUnreachable } from './ensure-indexes.js';

test.each([91, 189, 10107, 11600, 11602, 13435, 13436])('a server that steps down or stops (code %i) is away', (code) => {
  expect(isUnreachable(new MongoServerError({ message: 'not primary', code }))).toBe(true);
});

test('a server that cannot be found or reached is away', () => {
  expect(isUnreachable(new MongoNetworkError('reset'))).toBe(true);
  expect(isUnreachable(new MongoServerSelectionError('no primary', {} as never))).toBe(true);
});

test.each([
  ['a duplicate key', 11000],
  ['a document that is too large', 10334],
])('%s of a bulk write is no reason to try the same again', (_what, code) => {
  expect(isUnreachable(new MongoBulkWriteError({ message: 'refused', code, writeErrors: [] }, {} as never))).toBe(false);
});
