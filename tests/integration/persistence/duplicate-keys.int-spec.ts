import { describe, expect, test } from '@jest/globals';
import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from 'mongodb';
import { BulkWriteResult, WriteConcernError, WriteError } from 'mongodb/lib/bulk/common.js';
import { duplicatesIn, isDuplicateKey, isUnreachable } from '@kintsugi/persistence';

const [duplicate, invalid, shuttingDown, steppedDown] = [11_000, 121, 91, 189];

/** What the driver knows of a bulk write whose documents failed by these codes, in turn. */
function resultOf(codes: readonly number[], concern?: number) {
  const writeErrors = codes.map((code, index) => new WriteError({ index, code, errmsg: `code ${code}`, op: {} }));
  const writeConcernErrors = concern === undefined ? [] : [new WriteConcernError({ code: concern, errmsg: 'not yet safe' })];
  const result = new BulkWriteResult({ writeErrors, writeConcernErrors, insertedIds: [], upserted: [], nInserted: 3 }, false);
  return { writeErrors, result };
}

/** As the driver throws it for faults of documents: by the code of the first one, whatever else is wrong. */
function bulkError(codes: readonly [number, ...number[]], concern?: number): MongoBulkWriteError {
  const { writeErrors, result } = resultOf(codes, concern);
  return new MongoBulkWriteError({ message: 'refused', code: codes[0], writeErrors }, result);
}

/** As it throws it where the answer of the server holds a fault of the write concern: those of documents are in its result only. */
function concernError(codes: readonly number[], concern: number): MongoBulkWriteError {
  return new MongoBulkWriteError({ message: 'not yet safe', code: concern }, resultOf(codes, concern).result);
}

test('a write finds its key taken, whoever made the class of the error', () => {
  expect(isDuplicateKey(new MongoServerError({ message: 'E11000', code: duplicate }))).toBe(true);
  expect(isDuplicateKey(Object.assign(new Error('E11000'), { code: duplicate }))).toBe(true);
  expect(isDuplicateKey(new MongoServerError({ message: 'refused', code: invalid }))).toBe(false);
  expect(isDuplicateKey({ code: duplicate })).toBe(false);
});

describe('of a bulk write', () => {
  test('the documents that were there before are given', () => {
    expect(duplicatesIn(bulkError([duplicate, duplicate])).map(({ index }) => index)).toEqual([0, 1]);
  });

  test.each([
    ['another fault behind a duplicate', bulkError([duplicate, invalid])],
    ['another fault before a duplicate', bulkError([invalid, duplicate])],
    ['duplicates that are not safe yet', bulkError([duplicate], shuttingDown)],
    ['duplicates in an answer that is not safe yet', concernError([duplicate], shuttingDown)],
    ['nothing but a write that is not safe yet', concernError([], shuttingDown)],
    [
      'a broken connection behind duplicates',
      new MongoBulkWriteError(new MongoNetworkError('gone'), resultOf([duplicate]).result),
    ],
    ['a duplicate of a single write', new MongoServerError({ message: 'E11000', code: duplicate })],
  ])('%s is thrown', (_what, error) => {
    expect(() => duplicatesIn(error)).toThrow(error);
  });

  test.each([
    ['that is not safe yet, in a server that shuts down', bulkError([duplicate], shuttingDown)],
    ['whose answer says so', concernError([duplicate], shuttingDown)],
    ['some of whose documents met a server that steps down', bulkError([duplicate, steppedDown])],
    ['some of whose documents did so, and that is not safe', concernError([steppedDown], 100)],
  ])('one %s can be tried again', (_what, error) => {
    expect(isUnreachable(error)).toBe(true);
  });

  test.each([
    ['of duplicates', bulkError([duplicate, duplicate])],
    ['with a document that is refused', bulkError([duplicate, invalid])],
    ['that can never be as safe as it is to be', concernError([duplicate], 100)],
  ])('one %s is not', (_what, error) => {
    expect(isUnreachable(error)).toBe(false);
  });
});
