import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ProblemError } from '@kintsugi/contracts';
import { decodeCursor, encodeCursor } from './error-cursor.js';

describe('the cursor of a list of error records', () => {
  test('leads back to its place', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (timestamp, id) => {
        expect(decodeCursor(encodeCursor({ timestamp, id }))).toEqual({ timestamp, id });
      }),
    );
  });

  test.each(['', 'x', 'bnVsbA', Buffer.from('{}').toString('base64url'), Buffer.from('["a"]').toString('base64url'), '💥'])(
    '%j is refused',
    (cursor) => {
      expect(() => decodeCursor(cursor)).toThrow(ProblemError);
    },
  );
});
