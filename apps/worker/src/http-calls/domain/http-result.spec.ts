import { describe, expect, test } from '@jest/globals';
import { jsonBytes, limits } from '@kintsugi/contracts';
import { httpResult, secretsOfHeader } from './http-result.js';

const secret = 'Bearer s3cret-"word"-of-pässe';
const url = new URL('https://host.example/orders');

function resultOf(body: string, headers: Record<string, string> = {}, of = url) {
  return httpResult({ status: 200, headers, body: Buffer.from(body) }, of, 1, secretsOfHeader(secret));
}

const [, word = ''] = secretsOfHeader(secret);
const asJson = { 'content-type': 'application/json; charset=utf-8' };

describe('an answer that repeats what was sent', () => {
  test.each([
    ['as it is', `you sent ${secret}`, 'you sent …'],
    ['without the name of its scheme', `${word} is no key`, '… is no key'],
    ['as JSON', JSON.stringify({ said: word }), '{"said":"…"}'],
    ['as a part of a URL', `/?q=${encodeURIComponent(word)}`, '/?q=…'],
  ])('is told without it: %s', (_how, body, told) => {
    expect(resultOf(body).body).toBe(told);
  });

  test('is told without it where JSON writes its characters by their numbers', () => {
    const body = JSON.stringify({ said: [word] })
      .replace('ä', '\\u00e4')
      .replace('s3', '\\u00733');
    expect(resultOf(body, asJson).body).toEqual({ said: ['…'] });
  });

  test('is told without it in its headers and its address', () => {
    const { headers, url: address } = resultOf('', { etag: secret }, new URL(`/?q=${encodeURIComponent(word)}`, url));
    expect([headers, address]).toEqual([{ etag: '…' }, 'https://host.example/?q=…']);
  });

  test('is as long as it came', () => {
    expect(resultOf(secret).body_bytes).toBe(Buffer.byteLength(secret));
  });

  test('is told without the beginning of it where it is cut', () => {
    const half = Math.floor(limits.resultBytes / 8);
    const result = resultOf(`${'x'.repeat(half - 10)}${word}${'"'.repeat(limits.resultBytes)}`);
    expect(result.body).toMatch(/^x+…"+$/);
    expect(jsonBytes(result)).toBeLessThanOrEqual(limits.resultBytes);
  });
});

describe('what looks like a secret', () => {
  const address = 'https://me:geheim@host.example/?token=geheim';

  test.each([
    ['a body', address, {}, 'https://…@host.example/?token=…'],
    [
      'a body of JSON',
      JSON.stringify({ [address]: { address } }),
      asJson,
      {
        'https://…@host.example/?token=…': {
          address: 'https://…@host.example/?token=…',
        },
      },
    ],
    ['a body of JSON that escapes slashes', `["${address.replaceAll('/', '\\/')}"]`, asJson, ['https://…@host.example/?token=…']],
  ])('is not told of %s', (_where, body, headers, told) => {
    expect(resultOf(body, headers).body).toEqual(told);
  });

  test('is not told of a header', () => {
    expect(resultOf('', { location: address }).headers).toEqual({ location: 'https://…@host.example/?token=…' });
  });
});

test('an answer without secrets is kept as it came', () => {
  const body = { n: 1.5, list: [null, true, 'https://host.example/?label=a@b'], nested: { text: 'Ada <ada@example.com>' } };
  expect(resultOf(JSON.stringify(body), asJson).body).toEqual(body);
  expect(resultOf('{broken', asJson).body).toBe('{broken');
});
