import { describe, expect, test } from '@jest/globals';
import { RE2JS } from 're2js';
import { patternFault } from './linear-pattern.js';
import { patternSize } from './pattern-size.js';

describe('the size of a pattern', () => {
  test.each([
    'timed? out',
    'a{1000}',
    '(abc){100}',
    '(?:[^x]{5}|\\d+){20}',
    '\\p{Greek}{10}[{9}\\]]{10}',
    '((ab){10}c){10}',
    '\\Q(a{9})\\E{3}',
    '[]a]{7}',
    '(?i)connection (reset|refused)',
    'x{2,}y{3,9}',
  ])('%s is told within a factor of three', (pattern) => {
    const exact = RE2JS.compile(pattern).programSize();
    expect(patternSize(pattern)).toBeGreaterThanOrEqual(exact / 3);
    expect(patternSize(pattern)).toBeLessThanOrEqual(exact * 3);
  });

  test.each(['(', ')', 'a)', '{3}', '[', '\\', '\\Q', '[[:alpha:]', ''])('%j, which is odd, has one too', (pattern) => {
    expect(patternSize(pattern)).toBeGreaterThanOrEqual(0);
  });
});

describe('a pattern that would be too large a program', () => {
  test.each([`(${'a'.repeat(480)}){1000}`, '\\pL{1000}'.repeat(40), '(\\pL|\\pN|\\w+){1000}'])('%s is refused', (pattern) => {
    expect(patternFault(pattern)).toContain('too large');
  });

  test('is told from one that is long', () => {
    expect(patternFault('(a|b)'.repeat(100))).toBeNull();
    expect(patternFault('\\d{3}-\\w{1,200}')).toBeNull();
  });
});
