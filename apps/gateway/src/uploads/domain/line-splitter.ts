import { ProblemError, limits, utf8Length } from '@kintsugi/contracts';

export interface Line {
  /** Without its line end. */
  text: string;
  bytes: number;
  /** Counted from 1, as an editor does. */
  number: number;
}

const newline = 0x0a;
const byteOrderMark = '\ufeff';

/**
 * Cuts a stream of bytes into lines. Each line is checked to be UTF-8 and not too long before it is handed on;
 * lines that hold nothing but white space are left out, but counted. No more than one line is kept between two pieces.
 */
export class LineSplitter {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  private rest: Uint8Array = new Uint8Array(0);
  private linesSeen = 0;

  constructor(
    private readonly onLine: (line: Line) => void,
    private readonly lineBytesMax: number = limits.taskBytes,
  ) {}

  push(piece: Buffer): void {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const end = bytes.lastIndexOf(newline) + 1;
    this.rest = bytes.subarray(end);
    if (end > 0) this.splitWhole(bytes.subarray(0, end));
    // A carriage return of the line's end may be part of the rest.
    if (this.rest.length > this.lineBytesMax + 1) throw lineTooLong(this.linesSeen + 1, this.lineBytesMax);
  }

  /** The last line needs no line end. */
  end(): void {
    if (this.rest.length === 0) return;
    const { rest } = this;
    this.rest = new Uint8Array(0);
    this.splitWhole(Buffer.concat([rest, Uint8Array.of(newline)]));
  }

  /** Many lines are decoded at once: it is several times cheaper than line by line. */
  private splitWhole(block: Buffer): void {
    let text: string;
    try {
      text = this.decoder.decode(block);
    } catch {
      this.splitUpToFault(block);
      return;
    }
    const plain = text.length === block.length;
    for (let start = 0, end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
      this.take(text.slice(start, end), plain);
    }
  }

  /** Somewhere in these lines is a byte that is not UTF-8: those before it still count, so that the first fault is told. */
  private splitUpToFault(block: Buffer): void {
    for (let start = 0, end = block.indexOf(newline); end >= 0; start = end + 1, end = block.indexOf(newline, start)) {
      let text: string;
      try {
        text = this.decoder.decode(block.subarray(start, end));
      } catch {
        throw notUtf8(this.linesSeen + 1);
      }
      this.take(text, false);
    }
  }

  private take(given: string, plain: boolean): void {
    this.linesSeen += 1;
    let text = given;
    if (this.linesSeen === 1 && text.startsWith(byteOrderMark)) text = text.slice(1);
    if (text.endsWith('\r')) text = text.slice(0, -1);
    if (text.length === 0 || (text.charCodeAt(0) <= 0x20 && text.trim() === '')) return;
    const bytes = plain ? text.length : utf8Length(text);
    if (bytes > this.lineBytesMax) throw lineTooLong(this.linesSeen, this.lineBytesMax);
    this.onLine({ text, bytes, number: this.linesSeen });
  }
}

function lineTooLong(number: number, allowed: number): ProblemError {
  return new ProblemError('TASK_INVALID', `line ${number} is longer than ${allowed} bytes. Nothing was accepted.`, {
    errors: [
      { path: `line ${number}`, rule: 'TOO_LONG', got: `more than ${allowed} bytes`, allowed: `at most ${allowed} bytes` },
    ],
  });
}

function notUtf8(number: number): ProblemError {
  return new ProblemError('ENCODING_INVALID', `line ${number} is not valid UTF-8. Nothing was accepted.`, {
    errors: [{ path: `line ${number}`, rule: 'ENCODING', got: 'bytes that are not UTF-8', allowed: 'UTF-8' }],
  });
}
