import { expect, test } from '@jest/globals';
import { requireMessageBytes } from './require-message-bytes.js';

const need = { bytes: 8_388_608, of: 'a JSON body', orElse: 'lower BODY_LIMIT_BYTES' };

test('a NATS server that takes messages as large as are needed is taken', () => {
  expect(() => requireMessageBytes({ messageBytesMax: 8_388_608 }, need)).not.toThrow();
});

test('one that takes only smaller messages is refused, with what it takes, what is needed and what to set', () => {
  expect(() => requireMessageBytes({ messageBytesMax: 1_048_576 }, need)).toThrow(
    'The NATS server takes messages of 1048576 bytes at most, and a JSON body may be 8388608.\n' +
      'Set `max_payload: 8388608` in the configuration of nats-server, or lower BODY_LIMIT_BYTES.',
  );
});
