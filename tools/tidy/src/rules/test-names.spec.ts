import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { testNames } from './test-names.js';

const path = 'apps/gateway/src/main.spec.ts';
const check = (text: string) => reportOf(testNames, treeOf({ [path]: text }));

describe('test names', () => {
  test('two tests of one name are found', () => {
    expect(check("test('it heals', f);\nit('it heals', f);")).toEqual([`${path}:2 a second test is called it heals`]);
  });

  test('also below a describe, and in a table', () => {
    expect(check("describe('a', () => { test('b', f); test('b', f); });")).toEqual([`${path}:1 a second test is called a > b`]);
    expect(check("test.each([1])('%s heals', f); test.each([2])('%s heals', f);")).toHaveLength(1);
  });

  test('the same name below two headings passes', () => {
    expect(check("describe('a', () => { test('c', f); }); describe('b', () => { test('c', f); });")).toEqual([]);
  });

  test('a regular expression that is tested is no test', () => {
    expect(check("/a/.test('b'); pattern.test('b');")).toEqual([]);
  });
});
