import { expect, test } from '@jest/globals';
import { settingsInForce } from './settings-in-force.js';

test.each([
  ['ada:canary@127.0.0.1:4222', '…@127.0.0.1:4222'],
  ['a:canary@h1, nats://b:can/ary@h2:4222,h3', '…@h1, nats://…@h2:4222,h3'],
  ['127.0.0.1:4222,tls://nats.internal', '127.0.0.1:4222,tls://nats.internal'],
])('no password of NATS is shown, with a scheme or without: %s', (address, shown) => {
  expect(settingsInForce({ NATS_URL: address })).toEqual({ NATS_URL: shown });
});

test('settings are shown as they are in force, and none of their secrets', () => {
  const settings = {
    ...{ LOG_RETENTION_DAYS: 7, AUTH: 'on', PEERS: ['a', 'b'], EMPTY_KEY: '', NOT_GIVEN: undefined },
    ...{ NATS_URL: 'nats://ada:canary@nats.internal:4222', FIRST_ADMIN_KEY: 'canary', SESSION_SECRET: 'canary' },
    ...{ MONGO_URL: 'mongodb://ada:canary@db.internal:27017/?authSource=admin', NATS_PASSWORD: 'canary', OPS_TOKEN: 'canary' },
    ...{ MAIL_SMTP_URL: 'smtps://ada:canary@mail.internal', HOOKS: ['https://example.com/?token=canary'] },
  };
  const shown = settingsInForce(settings);
  expect(JSON.stringify(shown)).not.toContain('canary');
  expect(shown).toMatchObject({
    ...{ LOG_RETENTION_DAYS: '7', AUTH: 'on', PEERS: '["a","b"]', EMPTY_KEY: '', SESSION_SECRET: '…' },
    NATS_URL: 'nats://…@nats.internal:4222',
  });
  expect(shown).not.toHaveProperty('NOT_GIVEN');
});
