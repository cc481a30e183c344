import { isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { groupedBytesMin, limits } from '@kintsugi/contracts';
import { hasLongLine } from './pack-lines.js';
import type { SecretMask } from './secret-mask.js';

const lineFeed = 0x0a;
/** Characters of whole lines, of which fewer are given one by one. */
const manyMin = 4 * 1024;
/** Bytes of whole lines that are given as they came, at most. */
const groupMax = 64 * 1024;
/** Bytes of a line, of which fewer are short. */
const shortLine = 48;
/** What waits for its line feed at most, so that a cut always finds room behind what is held back. */
const restMax = 4 * limits.logTextLength;

/** Cuts what a command writes into lines, without secrets: characters, lines and secrets may come in pieces. */
export class LineCutter {
  private decoder = new StringDecoder('utf8');
  private rest = '';
  private skipping = false;

  constructor(
    private readonly mask: () => SecretMask,
    private readonly onLine: (text: string, partial: boolean) => void,
    /** Called for many lines that are whole and not long, with a line feed between them, where that is less work. */
    private readonly onLines?: (text: string) => void,
    /** Called, where it is wanted, for many such lines of which nothing has to be changed: as they came, to be copied at once. */
    private readonly group?: { isWanted: () => boolean; onBytes: (bytes: Buffer, lines: number) => void },
  ) {}

  push(bytes: Uint8Array): void {
    const taken = this.skipping ? this.fromNextLine(bytes) : bytes;
    const { group } = this;
    const found = group?.isWanted() ? this.unchangedLines(taken) : null;
    if (!group || !found) return this.pushText(taken);
    // Of the first line something may have come before.
    this.pushText(taken.subarray(0, found.from));
    group.onBytes(found.whole, found.lines);
    this.pushText(taken.subarray(found.from + found.whole.length));
  }

  private pushText(taken: Uint8Array): void {
    if (taken.length === 0) return;
    const text = this.rest + this.decoder.write(taken);
    const end = text.lastIndexOf('\n');
    this.rest = text.slice(end + 1);
    if (end >= 0) this.giveWhole(this.mask().apply(text.slice(0, end)));
    while (this.rest.length > restMax) this.cutRest();
  }

  /** Passes over what cannot be kept, up to the end of a line. Gives how many lines end in it. */
  skip(bytes: Uint8Array): number {
    const lines = feedsIn(bytes);
    const kept = this.mask().apply(this.rest.slice(0, this.mask().safeEnd(this.rest)));
    if (kept !== '') this.give(kept, true);
    this.rest = '';
    this.decoder = new StringDecoder('utf8');
    this.skipping = bytes[bytes.length - 1] !== lineFeed;
    return lines;
  }

  /** Gives what still waits for its end. */
  end(): void {
    const text = this.mask().apply(this.rest + this.decoder.end());
    this.rest = '';
    if (text !== '') this.give(text, true);
  }

  /** What stands from the end of the first line to the end of the last. */
  private unchangedLines(bytes: Uint8Array): { whole: Buffer; from: number; lines: number } | null {
    const from = bytes.indexOf(lineFeed) + 1;
    const length = bytes.lastIndexOf(lineFeed) + 1 - from;
    if (length < manyMin || length > groupMax) return null;
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset + from, length);
    if (hasLongLineIn(whole) || !isUtf8(whole) || this.mask().mayChange(whole)) return null;
    const lines = feedsIn(whole);
    return lines * groupedBytesMin <= length ? { whole, from, lines } : null;
  }

  private fromNextLine(bytes: Uint8Array): Uint8Array {
    const at = bytes.indexOf(lineFeed);
    this.skipping = at < 0;
    return at < 0 ? bytes.subarray(0, 0) : bytes.subarray(at + 1);
  }

  private cutRest(): void {
    const cut = this.mask().safeCut(this.rest) || this.rest.length;
    this.give(this.mask().apply(this.rest.slice(0, cut)), true);
    this.rest = this.rest.slice(cut);
  }

  private giveWhole(lines: string): void {
    if (this.onLines && lines.length >= manyMin && !hasLongLine(lines)) this.onLines(lines);
    else for (const line of lines.split('\n')) this.give(line, false);
  }

  private give(line: string, partial: boolean): void {
    let from = 0;
    for (let end = pieceEnd(line, 0); end < line.length; end = pieceEnd(line, from)) {
      this.onLine(line.slice(from, end), true);
      from = end;
    }
    this.onLine(line.slice(from), partial);
  }
}

/** Whether one of whole lines has more bytes than a line may have characters. */
function hasLongLineIn(lines: Buffer): boolean {
  for (let at = 0; lines.length - at > limits.logTextLength;) {
    const feed = lines.lastIndexOf(lineFeed, at + limits.logTextLength);
    if (feed < at) return true;
    at = feed + 1;
  }
  return false;
}

/** How many line feeds there are: from one to the next where lines are long, byte by byte where they are short, each being slow at the other. */
function feedsIn(bytes: Uint8Array): number {
  let feeds = 0;
  let at = bytes.indexOf(lineFeed);
  for (; at >= 0 && feeds * shortLine <= at; at = bytes.indexOf(lineFeed, at + 1)) feeds += 1;
  if (at >= 0) for (; at < bytes.length; at += 1) if (bytes[at] === lineFeed) feeds += 1;
  return feeds;
}

/** Where a piece of a long line ends: not inside a character. */
function pieceEnd(line: string, from: number): number {
  const end = from + limits.logTextLength;
  const code = line.charCodeAt(end - 1);
  return end < line.length && code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}
