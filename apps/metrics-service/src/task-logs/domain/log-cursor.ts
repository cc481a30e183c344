import type { BlockKey } from './log-block.js';

/** How far a reader of a log has come. */
export interface LogPlace {
  key: BlockKey;
  /** Bytes of that block that were read. */
  offset: number;
}

/** More than a block can have: all of it was read. */
const all = 999_999_999;

export function cursorOf({ key, offset }: LogPlace): string {
  return `${key}.${offset}`;
}

/** Behind the last line of a block. */
export function endOf(key: BlockKey): LogPlace {
  return { key, offset: all };
}

/** The place that a cursor of ours names. */
export function placeOf(cursor: string): LogPlace {
  const dot = cursor.indexOf('.');
  return { key: cursor.slice(0, dot), offset: Number(cursor.slice(dot + 1)) };
}

/** The first block that is still to be read: `~` comes behind every sign of a key. */
export function firstKeyAfter({ key, offset }: LogPlace): BlockKey {
  return offset === all ? `${key}~` : key;
}
