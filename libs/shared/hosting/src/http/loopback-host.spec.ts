import { expect, test } from '@jest/globals';
import { isLoopbackHost } from './loopback-host.js';

test.each(['127.0.0.1', '127.0.0.1:8000', '127.9.8.7', 'localhost', 'LOCALHOST:80', '::1', '[::1]', '[::1]:8000'])(
  '%p is this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);

test.each([
  '',
  '0.0.0.0',
  '192.168.0.1',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example:127',
  '[::2]:1',
  '127.0.0.1:8000:1',
])('%p may be another', (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});
