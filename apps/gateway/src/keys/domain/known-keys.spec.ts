import { createHash, timingSafeEqual } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { apiKeyOf, type ApiKeyRecord } from '@kintsugi/contracts';
import { KnownKeys } from './known-keys.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const means = { sha256, equal: (left: string, right: string) => timingSafeEqual(Buffer.from(left), Buffer.from(right)) };
const now = new Date('2026-11-26T12:00:00Z');
const before = new Date('2026-11-26T11:59:59Z');
const later = new Date('2026-11-26T12:00:01Z');
const key = apiKeyOf('reports', 'a1'.repeat(20));
const former = apiKeyOf('reports', 'b2'.repeat(20));
const record: ApiKeyRecord = {
  ...{ id: 'reports', role: 'operator', tenant: null, sha256: sha256(key), former_sha256: null, former_expires_at: null },
  ...{ expires_at: null, revoked_at: null },
};
const caller = { keyId: 'reports', role: 'operator', tenant: null };

let keys: KnownKeys;

beforeEach(() => {
  keys = new KnownKeys(means);
});

describe('a key', () => {
  test('that is known leads to its caller', () => {
    keys.learn([record]);
    expect(keys.verdictOn(key, now)).toEqual(caller);
  });

  test.each([
    ['another secret', apiKeyOf('reports', 'c3'.repeat(20))],
    ['another id', apiKeyOf('others', 'a1'.repeat(20))],
  ])('with %s is unknown', (_, other) => {
    keys.learn([record]);
    expect(keys.verdictOn(other, now)).toBe('unknown');
  });

  test('that is no key is refused', () => {
    expect(['', 'kin_', 'x'.repeat(2_000)].map((text) => keys.verdictOn(text, now))).toEqual(['refused', 'refused', 'refused']);
  });

  test('is refused once it has expired, and once it is revoked', () => {
    keys.learn([{ ...record, expires_at: later }]);
    expect([now, later].map((at) => keys.verdictOn(key, at))).toEqual([caller, 'refused']);
    keys.learn([{ ...record, revoked_at: before }]);
    expect(keys.verdictOn(key, now)).toBe('refused');
  });

  test('that was rotated is accepted for as long as the overlap lasts, and its former one no longer than that', () => {
    keys.learn([{ ...record, former_sha256: sha256(former), former_expires_at: later }]);
    expect([now, later].map((at) => keys.verdictOn(former, at))).toEqual([caller, 'refused']);
    expect(keys.verdictOn(key, later)).toEqual(caller);
    keys.learn([{ ...record, former_sha256: sha256(former), former_expires_at: later, revoked_at: before }]);
    expect(keys.verdictOn(former, now)).toBe('refused');
  });

  test('of which nobody has a record is unknown, also one whose hash would be that of nobody', () => {
    const careless = new KnownKeys({ ...means, sha256: () => '0'.repeat(64) });
    expect(careless.verdictOn(key, now)).toBe('unknown');
    careless.learn([record]);
    expect(careless.verdictOn(key, now)).toBe('unknown');
  });
});
