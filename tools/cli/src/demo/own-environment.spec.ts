import { expect, test } from '@jest/globals';
import { ownEnvironment } from './own-environment.js';

test('a demo takes over nothing that is a setting, and all that is none', () => {
  const environment = { PATH: '/bin', NATS_URL: 'nats://theirs:4222', NATS_TOKEN_FILE: '/token', MONGOD_BIN: '/bin/mongod' };
  expect(ownEnvironment(environment, ['NATS_URL', 'NATS_TOKEN'])).toEqual({ PATH: '/bin', MONGOD_BIN: '/bin/mongod' });
});
