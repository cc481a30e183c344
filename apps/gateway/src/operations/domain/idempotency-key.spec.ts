import { expect, test } from '@jest/globals';
import { agreedIdempotencyKey } from './idempotency-key.js';

test('the key may come from the header, the data, both or neither', () => {
  expect(agreedIdempotencyKey(['k'], undefined)).toBe('k');
  expect(agreedIdempotencyKey(undefined, 'k')).toBe('k');
  expect(agreedIdempotencyKey(['k'], 'k')).toBe('k');
  expect(agreedIdempotencyKey([], undefined)).toBeUndefined();
});

test.each([
  [['a'], 'b', 'DIFFERS'],
  [['a', 'a'], undefined, 'REPEATED'],
  [[''], undefined, 'TOO_SHORT'],
  [['x'.repeat(256)], undefined, 'TOO_LONG'],
  [['schlüssel'], undefined, 'FORMAT'],
])('%j with %p in the data is refused', (header, inData, rule) => {
  expect(() => agreedIdempotencyKey(header, inData)).toThrow(
    expect.objectContaining({
      code: 'IDEMPOTENCY_KEY_INVALID',
      extras: { errors: expect.arrayContaining([expect.objectContaining({ path: 'header.idempotency-key', rule })]) },
    }),
  );
});
