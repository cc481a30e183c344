import { describe, expect, test } from '@jest/globals';
import { matchesPattern } from './text-pattern.js';

describe('an argument that a pattern allows', () => {
  test.each([
    ['-l', '-l'],
    ['*', 'report.csv'],
    ['*', '; rm -rf / $(id) `id` | tee'],
    ['--day=*', '--day=2026-11-27'],
    ['-*', '--verbose'],
    ['a*b*c', 'a-b-b-c'],
    ['*.csv', 'prices.csv'],
    ['**', '-x\n\u0007'],
    ['**', '../x'],
    ['../*', '../x'],
    ['*', 'v1..v2'],
    ['*', 'and so on...'],
  ])('%j allows %j', (pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(true);
  });
});

describe('an argument that it does not allow', () => {
  test.each([
    ['-l', '-la'],
    ['*', '-rf'],
    ['*.csv', '--output=x.csv'],
    ['*', 'two\nlines'],
    ['--day=*', '--day=1\n--all'],
    ['a*a', 'a'],
    ['a*b*c', 'acb'],
    ['*ab*ab', 'ab'],
    ['', 'x'],
    ['*', '..'],
    ['*', '../secret'],
    ['/data/*', '/data/../etc/passwd'],
    ['/data/*', '/data/x/..'],
    ['--file=*', '--file=../x'],
    ['*', String.raw`a\..\b`],
  ])('%j does not allow %j', (pattern, text) => {
    expect(matchesPattern(pattern, text)).toBe(false);
  });
});
