import { describe, expect, test } from '@jest/globals';
import { agreedIdempotencyKey, keyedByPlace } from './idempotency-key.js';

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

describe('the Idempotency-Key header of several jobs', () => {
  test('gives each without a key one by its place, so that the same request makes each once', () => {
    const jobs: object[] = [{ product_id: 'a' }, { product_id: 'b', idempotency_key: 'own' }, {}];
    expect(keyedByPlace(['k'], jobs)).toEqual([{ product_id: 'a', idempotency_key: 'k#0' }, jobs[1], { idempotency_key: 'k#2' }]);
    expect(keyedByPlace(undefined, jobs)).toEqual(jobs);
  });

  test('is refused where no place would fit into it', () => {
    expect(() => keyedByPlace(['k'.repeat(251)], [{}])).toThrow('at most 250 characters');
  });
});
