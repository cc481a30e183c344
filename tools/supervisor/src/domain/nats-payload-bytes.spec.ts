import { expect, test } from '@jest/globals';
import { natsPayloadBytes } from './nats-payload-bytes.js';

const mebibyte = 1024 ** 2;

test.each([
  ['is 8 MiB when nothing is said', {}, 8 * mebibyte],
  ['is no less for smaller bodies', { BODY_LIMIT_BYTES: '1024' }, 8 * mebibyte],
  ['is as much as a larger body', { BODY_LIMIT_BYTES: String(16 * mebibyte) }, 16 * mebibyte],
  ['is no more than nats-server can take, which the gateway then refuses', { BODY_LIMIT_BYTES: '1e12' }, 64 * mebibyte],
  ['does not judge what the gateway refuses', { BODY_LIMIT_BYTES: 'many' }, 8 * mebibyte],
])('what nats-server takes in a message %s', (_, environment, bytes) => {
  expect(natsPayloadBytes(environment)).toBe(bytes);
});
