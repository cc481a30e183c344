import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quantileOf } from './quantile.js';
import { survivalQuantile, type Observations } from './survival-quantile.js';

/** Remission times of 21 patients with 6-MP (Freireich 1963), the example of most textbooks; a negative one was cut off. */
const remissions = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];

const observed = (times: readonly number[]): Observations => ({
  came: Float64Array.from(times.filter((time) => time > 0)),
  open: Float64Array.from(times.filter((time) => time < 0).map((time) => -time)),
});

describe('the time by which a share has come', () => {
  test.each([
    [0.5, 23],
    [0.25, 13],
    [0.1, 6],
    [0.9, null],
  ])('of the textbook, for %d', (share, expected) => {
    expect(survivalQuantile(observed(remissions), share)).toBe(expected);
  });

  test('is the plain quantile where nothing is open', () => {
    const times = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 100 }), (given, percent) => {
        const rising = given.toSorted((one, other) => one - other);
        expect(survivalQuantile(observed(rising), percent / 100)).toBe(quantileOf(rising, percent / 100 - 1e-12));
      }),
    );
  });

  test('is not known where less has come, or nothing was watched', () => {
    expect(survivalQuantile(observed([1, -2, -3]), 0.5)).toBeNull();
    expect(survivalQuantile(observed([]), 0.5)).toBeNull();
  });
});
