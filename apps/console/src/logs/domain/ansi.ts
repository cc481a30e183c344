/** A piece of a line in one style: names of classes, whose colours both themes have. */
export interface Piece {
  text: string;
  classes: string[];
}

interface Style {
  /** 0 to 15, as terminals count them; null for the text's own. */
  colour: number | null;
  marks: Set<'bold' | 'italic' | 'underline'>;
}

const escape = '\u001b';
/** A sequence that steers a terminal: CSI, OSC and the short ones. Only the first kind may set a style. */

const sequence = /\u001b(?:\[([0-9;:]*)[ -/]*([@-~])|\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

const control = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** The text of a line in pieces of one style each. What steers a terminal otherwise is left out; nothing of it is ever markup. */
export function piecesOf(line: string): Piece[] {
  if (!line.includes(escape)) return piece(line, { colour: null, marks: new Set() });
  const pieces: Piece[] = [];
  const style: Style = { colour: null, marks: new Set() };
  let from = 0;
  for (const match of line.matchAll(sequence)) {
    pieces.push(...piece(line.slice(from, match.index), style));
    if (match[2] === 'm') apply(style, match[1] ?? '');
    from = match.index + match[0].length;
  }
  return [...pieces, ...piece(line.slice(from), style)];
}

/** The text of a line as it is copied and searched: without what steers terminals. */
export function plainText(line: string): string {
  return line.replace(sequence, '').replace(control, '');
}

function piece(text: string, { colour, marks }: Style): Piece[] {
  const shown = text.replace(control, '');
  if (shown === '') return [];
  return [
    { text: shown, classes: [...(colour === null ? [] : [`ansi-${colour}`]), ...[...marks].map((mark) => `ansi-${mark}`)] },
  ];
}

/** Select Graphic Rendition of ECMA-48, as far as both themes can show it: backgrounds are left out. */
function apply(style: Style, parameters: string): void {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, length } = extended(codes.slice(at + 1));
      if (code === 38) style.colour = colour;
      at += length;
    } else applyOne(style, code);
  }
}

function applyOne(style: Style, code: number): void {
  const marks = { 1: 'bold', 3: 'italic', 4: 'underline' } as const;
  const ends = { 22: 'bold', 23: 'italic', 24: 'underline' } as const;
  if (code === 0) {
    style.colour = null;
    style.marks.clear();
  } else if (Object.hasOwn(marks, code)) style.marks.add(marks[code as keyof typeof marks]);
  else if (Object.hasOwn(ends, code)) style.marks.delete(ends[code as keyof typeof ends]);
  else if (code === 39) style.colour = null;
  else if (code >= 30 && code <= 37) style.colour = code - 30;
  else if (code >= 90 && code <= 97) style.colour = code - 90 + 8;
}

/** `5;n` is one of 256 colours, `2;r;g;b` any; both become the nearest of sixteen, whose contrast is known. */
function extended([kind, ...values]: number[]): { colour: number | null; length: number } {
  const [first = 0, second = 0, third = 0] = values;
  if (kind === 5) return { colour: ofPalette(first), length: 2 };
  if (kind === 2) return { colour: nearest(first, second, third), length: 4 };
  return { colour: null, length: 0 };
}

function ofPalette(index: number): number {
  if (index < 16) return index;
  if (index > 231) return nearest(...(Array(3).fill(8 + 10 * (index - 232)) as [number, number, number]));
  const level = (part: number): number => (part === 0 ? 0 : 55 + 40 * part);
  const at = index - 16;
  return nearest(level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6));
}

function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  if (most < 64) return 0;
  const bit = (part: number): number => (part > most / 2 ? 1 : 0);
  return bit(red) + 2 * bit(green) + 4 * bit(blue) + (most > 191 ? 8 : 0);
}
