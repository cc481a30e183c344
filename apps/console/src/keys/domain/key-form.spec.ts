import { expect, test } from '@jest/globals';
import { createKeySchema } from '@kintsugi/contracts';
import { emptyKeyForm, keyCommandOf, newKeyOf } from './key-form.js';

test('a key is asked for as the gateway takes it, and the same from a terminal', () => {
  const form = { id: ' reports ', role: 'operator', tenant: 'acme', lastDay: '2027-03-31' } as const;
  const asked = newKeyOf(form);
  expect(asked).toEqual({ id: 'reports', role: 'operator', tenant: 'acme', expires_at: '2027-04-01T00:00:00.000Z' });
  expect(createKeySchema.safeParse(asked).success).toBe(true);
  expect(keyCommandOf(form)).toBe('./kintsugi keys create reports --role operator --tenant acme --expires 2027-03-31');
});

test('what is left empty is not asked for', () => {
  expect(newKeyOf({ ...emptyKeyForm, id: 'a' })).toEqual({ id: 'a', role: 'viewer' });
  expect(keyCommandOf(emptyKeyForm)).toBe('./kintsugi keys create NAME --role viewer');
});
