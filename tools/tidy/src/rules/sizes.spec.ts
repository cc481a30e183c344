import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { sizes } from './sizes.js';

const lines = (count: number) => 'run();\n'.repeat(count);
const path = 'apps/gateway/src/main.spec.ts';
const check = (text: string) => reportOf(sizes, treeOf({ [path]: text }));

describe('sizes', () => {
  test.each([
    ['function long() {', '}'],
    ['const long = () => {', '};'],
    ['class Long { method() {', '} }'],
    ["test('long', () => {", '});'],
  ])('`%s` of 71 lines is found, of 70 passes', (head, foot) => {
    expect(check(`${head}\n${lines(69)}${foot}`)).toEqual([`${path}:1 a function of 71 lines`]);
    expect(check(`${head}\n${lines(68)}${foot}`)).toEqual([]);
  });

  test('a describe may be longer', () => {
    expect(check(`describe('much', () => {\n${lines(100)}});`)).toEqual([]);
  });
});
