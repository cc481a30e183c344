import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fingerprintOf } from './fingerprint.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the fingerprint of a failure', () => {
  test('is one for messages that differ in their values only', () => {
    const of = (address: string) => fingerprintOf('smtp.550', `550 5.1.1 <${address}>: User unknown`, digest);
    expect(of('ann@example.com')).toEqual(of('bob.b@mail.example.org'));
    expect(of('ann@example.com').group_title).toBe('<num> <num> <<email>>: User unknown');
  });

  test('is another for another error type', () => {
    const [one, other] = ['smtp.550', 'smtp.551'].map((errorType) => fingerprintOf(errorType, 'refused', digest).group_id);
    expect(one).not.toBe(other);
  });

  test.each([
    ['fetch failed: connect ECONNREFUSED 10.0.0.1:80', 'fetch failed: getaddrinfo ENOTFOUND nowhere.example'],
    ['reason: disk full, left: {bytes: 0}', 'reason: no such folder, left: {bytes: 0}'],
  ])('is another for another cause: %s', (one, other) => {
    expect(fingerprintOf('x', one, digest).group_id).not.toBe(fingerprintOf('x', other, digest).group_id);
  });

  test('is one for what was refused at several addresses, whatever they are', () => {
    const of = (port: number) => `fetch failed: connect ECONNREFUSED ::1:${port}; connect ECONNREFUSED 127.0.0.1:${port}`;
    expect(fingerprintOf('net.refused', of(2525), digest)).toEqual(fingerprintOf('net.refused', of(80), digest));
  });

  test('has a well-formed id and a title that is never empty or long', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ maxLength: 400 }), (errorType, message) => {
        const { group_id, group_title } = fingerprintOf(errorType, message, digest);
        expect(group_id).toMatch(/^grp_[0-9a-f]{32}$/);
        expect(group_title).not.toBe('');
        expect([...group_title].length).toBeLessThanOrEqual(Math.max(120, [...errorType].length));
      }),
    );
  });

  test('shows no address, wherever in the message it stands', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.lorem(), fc.lorem(), (address, before, after) => {
        expect(fingerprintOf('x', `${before} ${address} ${after}`, digest).group_title).not.toContain(address);
      }),
    );
  });
});
