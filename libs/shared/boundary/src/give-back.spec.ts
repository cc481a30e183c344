import { expect, test } from '@jest/globals';
import { giveBack } from './give-back.js';

test('memory that is of these bytes alone is gone at once', () => {
  const bytes = Buffer.alloc(65_536, 1);
  giveBack(bytes);
  expect(bytes).toHaveLength(0);
});

test('memory that others look at stays', () => {
  const whole = Buffer.from('first and second'.repeat(1_000));
  giveBack(whole.subarray(0, 5));
  giveBack(Buffer.from('of the pool that all small ones are cut from'));
  giveBack(Buffer.alloc(0));
  expect(whole.toString('utf8', 0, 16)).toBe('first and second');
});

test('memory that another thread has as well stays, and nothing is thrown', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  giveBack(shared);
  expect(shared).toHaveLength(8);
});
