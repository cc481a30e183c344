import { describe, expect, test } from '@jest/globals';
import { withoutSecrets } from './without-secrets.js';

describe('a text that is shown', () => {
  test.each([
    ['http://ada:geheim@127.0.0.1:8000/v1', 'http://…@127.0.0.1:8000/v1'],
    ['nats://a:geheim@h1:4222,nats://b:geheim2@h2', 'nats://…@h1:4222,nats://…@h2'],
    ['mongodb+srv://ada:geh@eim@host/?x=1', 'mongodb+srv://…@host/?x=1'],
    ['mongodb://ada:geh/eim@host/', 'mongodb://…@host/'],
    ['nats://geheim@host', 'nats://…@host'],
    ['{"url":"http://ada:geheim@host","x":"a@b"}', '{"url":"http://…@host","x":"a@b"}'],
    [String.raw`{"url":"http:\/\/ada:geheim@host\/"}`, String.raw`{"url":"http:\/\/…@host\/"}`],
    ['mongodb://host/?tlsCertificateKeyFilePassword=geheim&w=1', 'mongodb://host/?tlsCertificateKeyFilePassword=…&w=1'],
    [
      'mongodb://host/?authMechanismProperties=AWS_SESSION_TOKEN:geheim,X:geheim&w=1',
      'mongodb://host/?authMechanismProperties=…&w=1',
    ],
    [`Bearer kin_admin_${'0f'.repeat(32)}`, 'Bearer kin_admin_…'],
  ])('has no secret of %s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  test.each([
    'http://127.0.0.1:8000/v1/jobs?label=a@b',
    'Ada <ada@example.com> at 10:30',
    'mongodb://127.0.0.1:27117/?directConnection=true',
    'smtp.451: 4.3.0 <a@b.example> try again',
  ])('is left as it is: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });
});
