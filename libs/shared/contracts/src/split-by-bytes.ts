import { limits } from './limits.js';
import { utf8Length } from './utf8-bytes.js';

/** UTF-8 bytes of a message's text: it has room for the headers. */
export const messageTextBytes = limits.messageBytes - 64 * 1024;

/** Some of a list's entries as text: from `from` up to, and without, `to`. */
export interface ListPart {
  from: number;
  to: number;
  text: string;
}

/**
 * A list as texts that each fit into a message: as one where that fits, else in halves, and those likewise. The same list
 * is always split alike. An entry that does not fit by itself is given by itself all the same.
 */
export function splitByBytes<Entry>(
  entries: readonly Entry[],
  encode: (entries: readonly Entry[]) => string,
  bytesMax: number = messageTextBytes,
): ListPart[] {
  const partsOf = (from: number, to: number): ListPart[] => {
    const text = encode(entries.slice(from, to));
    if (to - from <= 1 || fits(text, bytesMax)) return [{ from, to, text }];
    const middle = from + Math.ceil((to - from) / 2);
    return [...partsOf(from, middle), ...partsOf(middle, to)];
  };
  return partsOf(0, entries.length);
}

/** A character is three bytes at most: short texts need not be counted. */
function fits(text: string, bytesMax: number): boolean {
  return text.length * 3 <= bytesMax || (text.length <= bytesMax && utf8Length(text) <= bytesMax);
}
