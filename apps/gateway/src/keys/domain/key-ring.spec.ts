import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { apiKeyOf, type ApiKeyRecord } from '@kintsugi/contracts';
import { KeyRing } from './key-ring.js';

const now = Date.parse('2026-03-01T00:00:00Z');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const key = apiKeyOf('reports', 'ab'.repeat(20));
const record: ApiKeyRecord = { id: 'reports', role: 'viewer', sha256: sha256(key) };

function ringOf(records: ApiKeyRecord[]) {
  const compared: [string, string][] = [];
  const equal = (left: string, right: string) => {
    compared.push([left, right]);
    return left === right;
  };
  return { ring: new KeyRing(records, { sha256, equal }), compared };
}

describe('a ring of API keys', () => {
  test('knows the caller of a key by its hash', () => {
    expect(ringOf([record]).ring.callerOf(key, now)).toEqual({ keyId: 'reports', role: 'viewer' });
  });

  test.each([
    ['an unknown id', apiKeyOf('nobody', 'ab'.repeat(20))],
    ['a wrong secret', apiKeyOf('reports', 'ba'.repeat(20))],
    ['a text that is no key', 'kin_reports'],
    ['an empty text', ''],
  ])('refuses %s after the same one comparison', (_, wrong) => {
    const { ring, compared } = ringOf([record]);
    expect(ring.callerOf(wrong, now)).toBeNull();
    expect(compared).toHaveLength(1);
  });

  test('refuses a key from the moment it expires', () => {
    const { ring } = ringOf([{ ...record, expires_at: '2026-03-01T01:00:00+01:00' }]);
    expect(ring.callerOf(key, now - 1)).not.toBeNull();
    expect(ring.callerOf(key, now)).toBeNull();
  });
});
