import { describe, expect, test } from '@jest/globals';
import { isForeign } from './foreign-origin.js';

const allowed = ['https://console.example'];
const asked = (origin?: string, fetchSite?: string, host = 'api.example:8000') => isForeign({ host, origin, fetchSite }, allowed);

describe('a write', () => {
  test.each([
    [undefined, undefined, 'a program'],
    [undefined, 'none', 'a person who typed the address'],
    ['http://api.example:8000', undefined, 'a page of this server'],
    ['https://api.example:8000', 'cross-site', 'a page of this server, with TLS at a proxy'],
    ['https://else.example', 'same-origin', 'a page of the proxy in front, which changes the Host'],
    ['https://console.example', 'cross-site', 'an allowed page'],
  ])('from %s (%s) is let in: %s', (origin, fetchSite, _) => {
    expect(asked(origin, fetchSite)).toBe(false);
  });

  test.each([
    ['https://evil.example', undefined, 'a page of another site'],
    ['https://api.example', undefined, 'another port of the same host'],
    ['null', undefined, 'a page without an origin'],
    ['', undefined, 'an empty origin'],
    ['https://console.example.evil', 'cross-site', 'a name that only begins like an allowed one'],
    [undefined, 'cross-site', 'a page of another site that hides its origin'],
  ])('from %j (%s) is foreign: %s', (origin, fetchSite, _) => {
    expect(asked(origin, fetchSite)).toBe(true);
  });

  test('to a default port is the same with and without it', () => {
    expect(asked('https://api.example', undefined, 'api.example:443')).toBe(false);
    expect(asked('https://api.example', undefined, 'api.example')).toBe(false);
  });
});
