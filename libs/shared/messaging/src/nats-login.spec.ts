import { describe, expect, it } from '@jest/globals';
import { connectionOptionsOf, natsLogin } from './nats-login.js';

const loginOf = (settings: Record<string, string>) => natsLogin((name) => settings[name]);

describe('a login that cannot be', () => {
  it.each([
    [{ NATS_USER: 'ada', NATS_TOKEN: 't' }, 'NATS_USER and NATS_TOKEN are given: one process has one identity at NATS.'],
    [{ NATS_TLS_CERT: 'pem' }, 'NATS_TLS_CERT and NATS_TLS_KEY go together.'],
    [{ NATS_TLS_KEY: 'pem' }, 'NATS_TLS_CERT and NATS_TLS_KEY go together.'],
    [{ NATS_CREDS: '/etc/nats/user.creds' }, 'NATS_CREDS is not the text of a .creds file.'],
    [{ NATS_NKEY: 'SUnsense' }, 'NATS_NKEY holds no seed of an nkey.'],
  ])('%j is refused before anything is opened, without its secrets', (settings, message) => {
    expect(() => loginOf(settings)).toThrow(message);
  });
});

it('a user of the URL comes before that of the settings', () => {
  const login = loginOf({ NATS_USER: 'ada', NATS_PASSWORD: 'x' });
  expect(connectionOptionsOf('nats://bob:y@a:4222', login)).toMatchObject({ user: 'bob', pass: 'y' });
  expect(connectionOptionsOf('nats://a:4222', login)).toMatchObject({ user: 'ada', pass: 'x' });
});

it('nothing given is nothing asked for', () => {
  expect(connectionOptionsOf('nats://a:4222', loginOf({}))).toEqual({ servers: ['nats://a:4222'] });
});
