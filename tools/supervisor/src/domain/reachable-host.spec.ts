import { expect, test } from '@jest/globals';
import { reachableHost } from './reachable-host.js';

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
  ['::1', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['127.0.0.1', '127.0.0.1'],
  ['mail-1.example', 'mail-1.example'],
])('what listens on %s is reached by %s', (listensOn, host) => {
  expect(reachableHost(listensOn)).toBe(host);
});
