import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Columns that a text takes on a terminal: colours take none, Chinese, Japanese and Korean characters and emoji two. */
export const widthOf = (text: string): number => stringWidth(text);

/** A text cut to a number of columns, of which there may be Infinity, with an ellipsis where something is missing. */
export function fit(text: string, columns: number): string {
  return Number.isFinite(columns) ? cliTruncate(text, columns) : text;
}

/** A text whose beginning and end both matter, such as an id, cut in its middle. */
export function fitMiddle(text: string, columns: number): string {
  return Number.isFinite(columns) ? cliTruncate(text, columns, { position: 'middle' }) : text;
}

/** Lines of at most so many columns, broken at spaces, and inside words that are longer than a line. */
export function wrap(text: string, columns: number): string[] {
  return wrapAnsi(text, columns, { hard: true }).split('\n');
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
