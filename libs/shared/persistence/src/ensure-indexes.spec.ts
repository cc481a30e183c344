import { expect, test } from '@jest/globals';
import { isUnreachable } from './ensure-indexes.js';

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

test.each([
  ['a duplicate key', 11000],
  ['a document that is too large', 10334],
])('%s in a bulk write is no reason to try the same again', (_what, code) => {
  expect(isUnreachable(driverError('MongoBulkWriteError', code))).toBe(false);
});
