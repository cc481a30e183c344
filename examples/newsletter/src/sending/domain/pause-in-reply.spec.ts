import { describe, expect, test } from '@jest/globals';
import { pauseInReply } from './pause-in-reply.js';

describe('the pause that a reply asks for', () => {
  test.each([
    ['421 4.7.0 Too many messages from you, try again in 2 seconds', 2_000],
    ['421 4.7.0 slow down, wait 3s', 3_000],
    ['450 4.2.0 <a@example.org>: Greylisted for 300 seconds (see http://postgrey.example)', 300_000],
    ['451 4.7.1 Please retry after 5 minutes', 300_000],
    ['452 4.3.1 Try again in at least 1 hour', 3_600_000],
    ['421 Try Again In 10 Sec', 10_000],
  ])('%s', (reply, ms) => expect(pauseInReply(reply)).toBe(ms));

  test.each([
    '451 4.7.1 Greylisted, please try again later',
    '421 4.7.0 Closing transmission channel after 100 messages',
    '450 4.7.1 try again in 9999 hours',
    '250 2.0.0 Ok',
    '',
  ])('none in: %s', (reply) => expect(pauseInReply(reply)).toBeUndefined());
});
