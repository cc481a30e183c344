import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { sizes } from './sizes.js';

const lines = (count: number) => 'run();\n'.repeat(count);
const check = (text: string, path = 'apps/gateway/src/main.ts') => reportOf(sizes, treeOf({ [path]: text }));

describe('sizes', () => {
  test('a file of 301 lines is found, one of 300 passes', () => {
    expect(check(lines(301))).toEqual(['apps/gateway/src/main.ts has 301 lines: it holds more than one concept']);
    expect(check(lines(300))).toEqual([]);
    expect(check(lines(301), 'jest.config.mjs')).toHaveLength(1);
  });

  test.each([
    ['function long() {', '}'],
    ['const long = () => {', '};'],
    ['class Long { method() {', '} }'],
    ["test('long', () => {", '});'],
  ])('`%s` of 71 lines is found, of 70 passes', (head, foot) => {
    expect(check(`${head}\n${lines(69)}${foot}`)).toEqual(['apps/gateway/src/main.ts:1 a function of 71 lines']);
    expect(check(`${head}\n${lines(68)}${foot}`)).toEqual([]);
  });

  test('a describe may be longer', () => {
    expect(check(`describe('much', () => {\n${lines(100)}});`)).toEqual([]);
  });
});
