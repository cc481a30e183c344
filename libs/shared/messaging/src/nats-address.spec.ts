import { expect, it } from '@jest/globals';
import { natsAddressOf } from './nats-address.js';

it.each([
  ['nats://127.0.0.1:4222', { servers: ['nats://127.0.0.1:4222'] }],
  ['a:4222, tls://b:4222,[::1]:4222', { servers: ['a:4222', 'tls://b:4222', '[::1]:4222'] }],
  ['nats://me:s%40cret@a:4222,nats://me:s%40cret@b', { servers: ['nats://a:4222', 'nats://b'], user: 'me', pass: 's@cret' }],
  ['nats://a:4222,me:@b:4222', { servers: ['nats://a:4222', 'b:4222'], user: 'me', pass: '' }],
])('%s names servers, and a user with a password where it has them', (text, address) => {
  expect(natsAddressOf(text)).toEqual(address);
});
