import { describe, expect, test } from '@jest/globals';
import { problemCatalogue } from '@kintsugi/contracts';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { problemsDocumented } from './problems-documented.js';

const codes = Object.keys(problemCatalogue);
const check = (documented: string[]) =>
  reportOf(
    problemsDocumented,
    treeOf({ 'docs/generated/problems.md': documented.map((code) => `| \`${code}\` | 400 |\n`).join('') }),
  );

describe('problems are documented', () => {
  test('a code that is not documented is found', () => {
    expect(check(codes.slice(1))).toEqual([`docs/generated/problems.md ${codes[0]} is not documented`]);
  });

  test('a documented code that does not exist is found', () => {
    expect(check([...codes, 'JOB_MISLAID'])).toEqual(['docs/generated/problems.md JOB_MISLAID does not exist']);
  });

  test('the same codes on both sides pass', () => {
    expect(check(codes)).toEqual([]);
  });
});
