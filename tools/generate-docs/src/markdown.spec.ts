import { expect, test } from '@jest/globals';
import { table } from './markdown.js';

test('a cell cannot break its table, nor be taken for HTML', () => {
  expect(table(['A'], [['one | two\nthree <four> `<five>`']])).toBe('| A |\n| --- |\n| one \\| two three &lt;four> `<five>` |');
});
