import { expect, test } from '@jest/globals';
import { sessionCookie, sessionTokenOf } from './session-cookie.js';

test.each([
  ['kintsugi_session=abc', 'abc'],
  ['a=b; kintsugi_session=a-b_C1; c=d', 'a-b_C1'],
  ['a=b;kintsugi_session=x ;c=d', 'x'],
  ['other_kintsugi_session=abc', null],
  ['kintsugi_session=', null],
  ['kintsugi_session=a b', null],
  ['kintsugi_session="a"', null],
  ['', null],
  [undefined, null],
])('the token of %j is %j', (header, token) => {
  expect(sessionTokenOf(header)).toBe(token);
});

test('a cookie is out of reach of scripts and of other sites', () => {
  expect(sessionCookie('t', 60, { path: '/', isSecure: false })).toBe(
    'kintsugi_session=t; Path=/; Max-Age=60; HttpOnly; SameSite=Strict',
  );
  expect(sessionCookie('', 0, { path: '/jobs', isSecure: true })).toBe(
    'kintsugi_session=; Path=/jobs; Max-Age=0; HttpOnly; SameSite=Strict; Secure',
  );
});
