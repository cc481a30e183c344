import { stripVTControlCharacters } from 'node:util';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const printableAscii = /^[\x20-\x7e]*$/;

/** Columns that a text takes on a terminal: colours take none, Chinese, Japanese and Korean characters and emoji two. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (printableAscii.test(plain)) return plain.length;
  return graphemesOf(plain).reduce((width, grapheme) => width + widthOfGrapheme(grapheme), 0);
}

/** A text without colours cut to a number of columns, with an ellipsis where something is missing. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const [head] = splitAt(text, columns - 1);
  return `${head}…`;
}

/** A text whose beginning and end both matter, such as an id, cut in its middle. */
export function fitMiddle(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  const headColumns = Math.ceil((columns - 1) / 2);
  const [head] = splitAt(text, headColumns);
  const [tail] = splitAt(graphemesOf(text).reverse().join(''), columns - 1 - headColumns);
  return `${head}…${graphemesOf(tail).reverse().join('')}`;
}

/** Lines of at most so many columns, broken at spaces, and inside words that are longer than a line. */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

/** Parts joined by two spaces into lines of at most so many columns; no part is broken. */
export function joinParts(parts: string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const joined = `${lines.at(-1) ?? ''}  ${part}`;
    if (lines.length > 0 && widthOf(joined) <= columns) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines;
}

/** A command to copy, on one line or, where that is too short, continued on the next; nothing in it is cut. */
export function commandLines(command: string, option: string, columns: number): string[] {
  const line = `${command} ${option}`;
  return widthOf(line) <= columns ? [line] : [`${command} \\`, `    ${option}`];
}

/** Control characters made visible: what others wrote must not steer the reader's terminal. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\n') return '↵';
    return character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (widthOf(joined) <= columns) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    current = word;
    while (widthOf(current) > columns) {
      const [head, rest] = splitAt(current, columns);
      lines.push(head);
      current = rest;
    }
  }
  return [...lines, current];
}

function splitAt(text: string, columns: number): [string, string] {
  let width = 0;
  let head = '';
  for (const grapheme of graphemesOf(text)) {
    width += widthOfGrapheme(grapheme);
    if (width > columns) break;
    head += grapheme;
  }
  return [head, text.slice(head.length)];
}

function graphemesOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOfGrapheme(grapheme: string): number {
  return wide.test(grapheme) ? 2 : 1;
}
