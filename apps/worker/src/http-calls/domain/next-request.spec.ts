import { describe, expect, test } from '@jest/globals';
import { nextRequest } from './next-request.js';

const call = {
  method: 'POST',
  url: new URL('https://a.example/x'),
  headers: { authorization: 'k', 'x-key': 's', 'content-type': 'application/json', accept: '*/*' },
  secretHeaders: ['x-key'],
  body: Buffer.from('{}'),
};

describe('a redirect', () => {
  test.each([301, 302, 303])('with %d makes a POST a GET without a body', (status) => {
    const next = nextRequest(call, status, '/y');
    expect(next).toMatchObject({ method: 'GET', body: null, headers: { authorization: 'k', accept: '*/*' } });
    expect(next?.url.href).toBe('https://a.example/y');
    expect(next?.headers).not.toHaveProperty('content-type');
  });

  test.each([307, 308])('with %d keeps method and body', (status) => {
    expect(nextRequest(call, status, '/y')).toMatchObject({ method: 'POST', body: call.body });
  });

  test.each(['https://b.example/', 'http://a.example/', 'https://a.example:8443/'])('to %s takes no secret along', (location) => {
    expect(nextRequest(call, 307, location)?.headers).toEqual({ 'content-type': 'application/json', accept: '*/*' });
  });

  test.each(['http://admin:admin@10.0.0.1/', 'https://token@b.example/'])('to %s is a fault', (location) => {
    expect(() => nextRequest(call, 302, location)).toThrow('user and password');
  });

  test('to what is no web address is a fault', () => {
    expect(() => nextRequest(call, 302, 'file:///etc/passwd')).toThrow('no web address');
  });
});

test.each([
  [200, '/y'],
  [302, undefined],
  [304, '/y'],
])('%d to %s is none', (status, location) => {
  expect(nextRequest(call, status, location)).toBeNull();
});
