import { describe, expect, test } from '@jest/globals';
import { en } from './en.js';
import { fill } from './fill.js';
import { ja } from './ja.js';

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('the catalogues of texts', () => {
  test('have the same texts, none of them empty', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
    for (const text of [...Object.values(en), ...Object.values(ja)]) expect(text.trim()).not.toBe('');
  });

  test.each(Object.keys(en) as (keyof typeof en)[])('%s has the same places in both', (key) => {
    expect(places(ja[key])).toEqual(places(en[key]));
  });
});

test('a place without a value stays as it is, and a value is never filled again', () => {
  expect(fill('{a} of {b}', { a: '{b}' })).toBe('{b} of {b}');
  expect(fill('{constructor}')).toBe('{constructor}');
});
