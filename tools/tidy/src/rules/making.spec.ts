import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { nothingOfTheMaking } from './making.js';

const check = (text: string) => reportOf(nothingOfTheMaking, treeOf({ 'README.md': text }));

describe('nothing of the making', () => {
  test.each([
    ['iss' + 'ue 12 asks for it'],
    ['Written with Clau' + 'de'],
    ['an AI-' + 'generated file'],
    ['as the ' + 'brief says'],
  ])('%s is found', (text) => {
    expect(check(text)).toHaveLength(1);
  });

  test.each(['The pool-agent keeps the slots of one host.', 'In brief: it heals.', 'Open an issue.'])('%s passes', (text) => {
    expect(check(text)).toEqual([]);
  });
});
