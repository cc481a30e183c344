import { describe, expect, test } from '@jest/globals';
import { operations } from './operations.js';
import { validate } from './problem/validate.js';

function configureWith(value: unknown): unknown {
  const retry_conditions = [{ field: 'error_message', operator: 'eq', value }];
  const delays = { max_attempts: 3, initial_delay: 1, max_delay: 1, backoff_factor: 2 };
  return { error_type: 'net.reset', config: { error_type: 'net.reset', ...delays, retry_conditions } };
}

describe('JSON that is stored as it is', () => {
  test.each([null, 'a', 1, [{ $ne: 1 }, { 'a.b': { '': 2 } }], { constructor: 1 }])('may be %j', (value) => {
    expect(validate(operations.configureRetry.request, configureWith(value), 'data')).toEqual(configureWith(value));
  });

  test.each([
    [{ 'a\0': 1 }, ''],
    [{ _bsontype: 'ObjectId' }, ''],
    [[1, { deep: [{ _bsontype: 1 }] }], '[1].deep[0]'],
  ])('is refused with its path where the store has no such key: %j', (value, path) => {
    const allowed = 'keys without NUL characters, and other than _bsontype';
    const errors = [{ path: `data.config.retry_conditions[0].value${path}`, rule: 'INVALID', got: 'an object', allowed }];
    expect(() => validate(operations.configureRetry.request, configureWith(value), 'data')).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', extras: { errors } }),
    );
  });
});
