import { describe, expect, test } from '@jest/globals';
import { sendingGroupFile } from './sending-group-file.js';

describe("a sending group's file", () => {
  test('is named for the group', () => expect(sendingGroupFile('spring-2026_b')).toBe('spring-2026_b.csv'));

  test.each(['', '.', '..', '../etc/passwd', 'a/b', 'a\\b', 'a.b', '-a', 'a\0', 'a\n', 'grüße', 'a'.repeat(129)])(
    'is refused for %j',
    (id) => expect(sendingGroupFile(id)).toBeUndefined(),
  );
});
