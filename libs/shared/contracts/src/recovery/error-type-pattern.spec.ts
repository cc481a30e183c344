import { describe, expect, test } from '@jest/globals';
import { isErrorTypePattern, matchesErrorType } from './error-type-pattern.js';

describe('a pattern of error types', () => {
  test.each([
    ['smtp.451', 'smtp.451', true],
    ['smtp.451', 'smtp.4511', false],
    ['smtp.*', 'smtp.451', true],
    ['smtp.*', 'smtp', false],
    ['smtp.4*', 'smtp.550', false],
    ['*', 'anything', true],
  ])('%s matches %s: %s', (pattern, errorType, expected) => {
    expect(matchesErrorType(pattern, errorType)).toBe(expected);
  });

  test.each([
    ['smtp.*', true],
    ['smtp.451', true],
    ['*', true],
    ['smtp.*.1', false],
    ['*.reset', false],
    ['a**', false],
  ])('%s can be one: %s', (text, expected) => {
    expect(isErrorTypePattern(text)).toBe(expected);
  });
});
