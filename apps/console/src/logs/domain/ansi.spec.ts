import { expect, test } from '@jest/globals';
import { piecesOf, plainText } from './ansi.js';

const e = '\u001b';

test('a line without colours is one piece', () => {
  expect(piecesOf('mail sent')).toEqual([{ text: 'mail sent', classes: [] }]);
  expect(piecesOf('')).toEqual([]);
});

test('colours and marks hold until they end', () => {
  expect(piecesOf(`${e}[1;31merror${e}[0m: ${e}[4;92mdone${e}[24m ok${e}[39m.`)).toEqual([
    { text: 'error', classes: ['ansi-1', 'ansi-bold'] },
    { text: ': ', classes: [] },
    { text: 'done', classes: ['ansi-10', 'ansi-underline'] },
    { text: ' ok', classes: ['ansi-10'] },
    { text: '.', classes: [] },
  ]);
});

test.each([
  ['38;5;196', 'ansi-9'],
  ['38;5;4', 'ansi-4'],
  ['38;5;244', 'ansi-7'],
  ['38;2;20;120;20', 'ansi-2'],
  ['38:2:250:250:10', 'ansi-11'],
])('%s becomes the nearest of sixteen: %s', (code, name) => {
  expect(piecesOf(`${e}[${code}mx`)).toEqual([{ text: 'x', classes: [name] }]);
});

test('backgrounds, cursor moves, titles, links and what is cut off say nothing', () => {
  const line = `${e}[48;5;17m${e}[2K${e}[1G${e}]0;title\u0007a${e}]8;;https://evil.example${e}\\b${e}]8;;${e}\\c\u0007${e}[3`;
  expect(plainText(line).startsWith('abc')).toBe(true);
  expect(piecesOf(line).flatMap(({ classes }) => classes)).toEqual([]);
});

test('markup stays text', () => {
  expect(piecesOf('<b onclick=x>&amp;')).toEqual([{ text: '<b onclick=x>&amp;', classes: [] }]);
});
