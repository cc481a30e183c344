import { expect, test } from '@jest/globals';
import { programText } from './program-text.js';

test('colours, lines and tabs stay', () => {
  const text = 'a\t\u001b[1;31mred\u001b[0m\r\nb\n';
  expect(programText(text)).toBe(text);
});

test.each([
  ['\u001b]0;title\u0007', '␛]0;title␇'],
  ['\u001b[2J', '␛[2J'],
  ['a\u0000b\u009b1m', 'a␀b�1m'],
])('what would have power over the screen is shown: %j', (text, shown) => {
  expect(programText(text)).toBe(shown);
});

test('a long text of escapes takes no long time, and comes out as long', () => {
  expect(programText('\u001b'.repeat(50_000))).toBe('␛'.repeat(50_000));
});
