import { expect, it } from '@jest/globals';
import { isReplySubject } from './subjects.js';

it.each(['answers', 'my.answers', '_INBOX.Ab1.2', 'shop.inbox.x', 'kinsfolk.answers', 'a$b', '日本.答え'])(
  'an answer may go to %s',
  (subject) => {
    expect(isReplySubject(subject)).toBe(true);
  },
);

it.each([
  '',
  '.',
  'a.',
  '.a',
  'a..b',
  'a b',
  'a\tb',
  'a\r\nPUB x',
  'a.*',
  '>',
  'a*b',
  'kin',
  'kin.evt.job.completed',
  '$JS.API.x',
  '$',
  'a'.repeat(256),
])('no answer may go to %j', (subject) => {
  expect(isReplySubject(subject)).toBe(false);
});
