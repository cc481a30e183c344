import { describe, expect, test } from '@jest/globals';
import { bare, titleWith, valuesIn } from './template-values.js';

describe('the values of a message', () => {
  test.each<[string, string, string[] | null]>([
    ['no mail for <*>', 'no mail for ann', ['ann']],
    ['<*> at <*> is closed', 'port 22 at  mx1 is closed', ['port 22', 'mx1']],
    ['<*> is closed', 'port 22 is closed for good', null],
    ['no mail', 'no mail', []],
    ['no mail', 'no mail for ann', null],
    ['no mail for <*>', 'mail for ann', null],
    ['user <*> is gone', "user 'ann' is gone", ['ann']],
    ['a <*> b <*> b', 'a 1 b 2 b b', ['1', '2 b']],
    ['<*>', 'all of it', ['all of it']],
    ['disk <*> of <*> is\u2026', 'disk 1 of mx1 is full', ['1', 'mx1']],
    ['disk <*> of <*\u2026', 'disk 1 of mx1 is full', ['1']],
  ])('of %j in %j are %j', (title, message, expected) => {
    expect(valuesIn(title, message)).toEqual(expected);
  });

  test('stand in a title where they are put, and without their quotes', () => {
    expect(titleWith('<*> of <*>', [{ place: 2, value: 'mx1' }])).toBe('<*> of mx1');
    expect([bare('"a"'), bare("'"), bare('`a b` ')]).toEqual(['a', "'", 'a b']);
  });
});
