import type { PackedLines } from './pack-lines.js';

/** Lines of one moment wait together, up to so many characters. */
const bundleChars = 8 * 1024;

/** Bytes that each takes beside its lines: more than those where lines come one by one. */
export const bundleOverhead = 128;

/** Lines of a run that were written in the same millisecond, as they travel. */
export class LineBundle {
  lines = 0;
  /** Bytes. */
  size = 0;
  /** Characters of what stands before their texts. */
  prefixes = 0;
  private text = '';
  private packed: Buffer | null = null;

  constructor(readonly at: number) {}

  static of(at: number, { bytes, lines, prefixes }: PackedLines): LineBundle {
    const bundle = new LineBundle(at);
    bundle.packed = bytes;
    return Object.assign(bundle, { lines, prefixes, size: bytes.length });
  }

  isOpenAt(at: number): boolean {
    return this.at === at && this.packed === null;
  }

  /** @param line with what stands before its text, and its line feed */
  add(line: string, prefixChars: number): void {
    this.text += line;
    this.lines += 1;
    this.size += Buffer.byteLength(line);
    this.prefixes += prefixChars;
    if (this.text.length < bundleChars) return;
    // Bytes wait where they are; strings are moved by collections, time and again, with all that they were made of.
    this.packed = Buffer.from(this.text);
    this.text = '';
  }

  get bytes(): Buffer {
    return this.packed ?? Buffer.from(this.text);
  }
}
