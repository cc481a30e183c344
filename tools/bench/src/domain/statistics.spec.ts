import { describe, expect, test } from '@jest/globals';
import { medianOf, pairedRatio, summaryOf } from './statistics.js';

describe('the median', () => {
  test('is the middle of an odd number of values, in whatever order they come', () => {
    expect(medianOf([9, 1, 5])).toBe(5);
  });

  test('lies halfway between the two middle ones of an even number', () => {
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  });

  test('of nothing is an error and not a zero', () => {
    expect(() => medianOf([])).toThrow('no values');
  });
});

test('a summary keeps every run beside the median and the range', () => {
  expect(summaryOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30, runs: [30, 10, 20] });
});

describe('a ratio', () => {
  test('compares runs of the same round and takes the median of that', () => {
    expect(pairedRatio(summaryOf([100, 10, 40]), summaryOf([10, 5, 10]))).toBe(4);
  });

  test('is null when one side was not measured', () => {
    expect(pairedRatio(summaryOf([1]), undefined)).toBeNull();
    expect(pairedRatio(undefined, summaryOf([1]))).toBeNull();
  });
});
