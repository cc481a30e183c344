import { describe, expect, test } from '@jest/globals';
import { keyViewSchema } from '@kintsugi/contracts';
import { viewOf, type KeptKey } from './key-view.js';

const now = new Date('2027-01-31T06:00:00.000Z');
const before = new Date('2027-01-31T05:59:59.999Z');
const later = new Date('2027-01-31T06:00:00.001Z');
const kept: KeptKey = {
  ...{ _id: 'reports', role: 'viewer', tenant: null, former_expires_at: null, expires_at: null, rotated_at: null },
  ...{ revoked_at: null, created_at: before },
};

describe('a key', () => {
  test.each([
    ['good', {}],
    ['good', { expires_at: later }],
    ['expired', { expires_at: now }],
    ['revoked', { revoked_at: before, expires_at: before }],
  ])('is %s with %j', (status, fields) => {
    const view = viewOf({ ...kept, ...fields }, now);
    expect(view.status).toBe(status);
    expect(keyViewSchema.strict().safeParse(view).success).toBe(true);
  });

  test('tells until when the one before it is accepted, and only while it is', () => {
    expect(viewOf({ ...kept, former_expires_at: later }, now).former_until).toBe(later.toISOString());
    expect(viewOf({ ...kept, former_expires_at: now }, now).former_until).toBeNull();
    expect(viewOf({ ...kept, former_expires_at: later, revoked_at: before }, now).former_until).toBeNull();
  });

  test('tells nothing by which it could be recognised, whatever is kept of it', () => {
    const whole = { ...kept, sha256: 'a'.repeat(64), former_sha256: 'b'.repeat(64), revision: 7 };
    expect(JSON.stringify(viewOf(whole, now))).not.toMatch(/aaaa|bbbb|sha256|revision/);
  });
});
