import { writeSync } from 'node:fs';
import { after } from '@kintsugi/boundary';

/** Bytes that wait while whoever reads the log is slow. */
const waitingBytesMax = 1024 * 1024;
const lookAgainMs = 100;

/** Writes to a file descriptor and gives how many bytes it took. */
type Put = (descriptor: number, bytes: Uint8Array) => number;

export interface LogSinkListener {
  /** A line could not be written, and will not be. */
  onLost: () => void;
  /** Lines arrive again, after so many did not. */
  onBack: (lost: number, reason: unknown) => void;
}

/**
 * Where a log goes. A full disk, a closed pipe or a reader that is gone costs lines and nothing else: they are counted, it
 * is said once on standard error, and in the log itself as soon as that takes lines again.
 */
export class LogSink {
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private timer: NodeJS.Timeout | null = null;
  private lost = 0;
  private reason: unknown;
  /** A line was cut in the middle: the next one must not continue it. */
  private torn = false;

  constructor(
    private readonly listener: LogSinkListener,
    private readonly put: Put = writeSync,
  ) {}

  write(line: string): void {
    if (this.waitingBytes > waitingBytesMax) return this.lose(1, new Error('The log is read too slowly.'));
    this.keep(line);
    if (!this.timer) this.drain();
  }

  private keep(line: string): void {
    const bytes = Buffer.from(line);
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
  }

  private drain(): void {
    let cut = false;
    try {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        if (this.torn) this.put(1, Buffer.from('\n'));
        this.torn = false;
        const written = this.put(1, next);
        cut = written > 0 && written < next.length;
        this.waitingBytes -= written;
        if (cut) this.waiting[0] = next.subarray(written);
        else this.waiting.shift();
      }
      this.tellBack();
    } catch (error) {
      if (isBusy(error)) this.lookAgain();
      else {
        this.torn ||= cut;
        this.waitingBytes = 0;
        this.lose(this.waiting.splice(0).length, error);
      }
    }
  }

  private lookAgain(): void {
    this.timer = after('log-sink', lookAgainMs, () => {
      this.timer = null;
      this.drain();
    }).unref();
  }

  private lose(lines: number, error: unknown): void {
    if (this.lost === 0) this.sayOnStandardError(error);
    this.lost += lines;
    this.reason = error;
    for (let line = 0; line < lines; line += 1) this.listener.onLost();
  }

  private sayOnStandardError(error: unknown): void {
    try {
      this.put(2, Buffer.from(`The log cannot be written, and this process goes on without it: ${String(error)}\n`));
    } catch {
      // It may be the same file.
    }
  }

  private tellBack(): void {
    const { lost, reason } = this;
    this.lost = 0;
    if (lost > 0) this.listener.onBack(lost, reason);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
