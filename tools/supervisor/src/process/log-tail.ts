import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const tailBytes = 4_000;

/** The last lines of a log; empty when it can't be read. */
export function tailOfLog(path: string, lines: number): string[] {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, tailBytes));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      const text = buffer.toString('utf8').trimEnd();
      return text === '' ? [] : text.split('\n').slice(-lines);
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}
