import { describe, expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { decodeGroupCursor, encodeGroupCursor } from './group-cursor.js';

describe('the cursor of a list of groups', () => {
  test('leads back to its place', () => {
    const place = { last_seen: '2026-11-23T06:00:00.000Z', id: `grp_${'0'.repeat(32)}` };
    expect(decodeGroupCursor(encodeGroupCursor(place))).toEqual(place);
  });

  test.each(['x', 'bnVsbA', Buffer.from('{"id":"a"}').toString('base64url'), '💥'])('%j is refused', (cursor) => {
    expect(() => decodeGroupCursor(cursor)).toThrow(ProblemError);
  });
});
