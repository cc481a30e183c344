import type { IncomingMessage } from 'node:http';
import { after, soon } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import { isCompressed } from './content-kind.js';

export interface BodyBounds {
  bytesMax: number;
  /** Longest pause between two pieces. */
  idleTimeoutMs: number;
  /** Bytes that make up for a second of waiting, so that a body which trickles in is ended however short its pauses are. 0: any. */
  bytesPerSecondMin: number;
  /** Longest time for the whole body, pauses of the reader included. */
  totalTimeoutMs: number;
  /** Aborted with a ProblemError as its reason when nothing more shall be read. */
  signal: AbortSignal;
}

/**
 * Takes a request's body piece by piece, at the pace of whoever reads it, and names every way in which it can end early.
 * It never destroys the stream, so that an answer can still be given.
 */
export class BodyReader {
  private readonly deadline: number;
  private received = 0;
  private hasWaited = false;
  /** What the sender may still let us wait, unless more comes. */
  private patienceMs: number;

  constructor(
    private readonly stream: IncomingMessage,
    private readonly bounds: BodyBounds,
  ) {
    this.deadline = performance.now() + bounds.totalTimeoutMs;
    this.patienceMs = bounds.idleTimeoutMs;
  }

  get isCompressed(): boolean {
    return isCompressed(this.stream.headers);
  }

  get receivedBytes(): number {
    return this.received;
  }

  /** Refuses so many bytes where they are more than a body may have. */
  holdTo(bytes: number): void {
    if (bytes > this.bounds.bytesMax) throw this.tooLarge();
  }

  /** What the body says that it has; 0 when it does not say. Too much is refused. */
  announcedBytes(): number {
    const announced = Number(this.stream.headers['content-length'] ?? 0);
    this.holdTo(announced);
    return announced;
  }

  /** The next piece, or null at the end. */
  async next(): Promise<Buffer | null> {
    this.announcedBytes();
    for (;;) {
      this.bounds.signal.throwIfAborted();
      const piece = this.stream.read() as Buffer | null;
      if (piece) return this.counted(piece);
      // All has been received and taken; the event that says so would be waited for with timer and listeners.
      if (this.stream.readableEnded || this.stream.complete) return null;
      if (this.stream.destroyed) throw this.truncated();
      if (this.hasWaited) await this.somethingNew();
      else await this.endOfTurn();
    }
  }

  /** What came in one packet with the head is there by then, without a timer and listeners. */
  private endOfTurn(): Promise<void> {
    this.hasWaited = true;
    return new Promise((resolve) => soon('body-reader.turn', resolve));
  }

  private counted(piece: Buffer): Buffer {
    this.received += piece.length;
    this.holdTo(this.received);
    const { idleTimeoutMs, bytesPerSecondMin } = this.bounds;
    const earnedMs = bytesPerSecondMin > 0 ? (piece.length / bytesPerSecondMin) * 1_000 : idleTimeoutMs;
    this.patienceMs = Math.min(idleTimeoutMs, this.patienceMs + earnedMs);
    return piece;
  }

  private async somethingNew(): Promise<void> {
    const { stream, bounds } = this;
    const startedAt = performance.now();
    const leftMs = this.deadline - startedAt;
    await new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        for (const event of ['readable', 'end', 'close', 'error']) stream.off(event, proceed);
        bounds.signal.removeEventListener('abort', proceed);
      };
      // What happened is seen by the loop that waits: the stream's own state says it.
      const proceed = (): void => {
        settle();
        resolve();
      };
      const timer = after('body-reader', Math.max(1, Math.min(this.patienceMs, leftMs)), () => {
        settle();
        reject(this.late());
      });
      for (const event of ['readable', 'end', 'close', 'error']) stream.on(event, proceed);
      bounds.signal.addEventListener('abort', proceed);
    });
    this.patienceMs -= performance.now() - startedAt;
  }

  private tooLarge(): ProblemError {
    const { bytesMax } = this.bounds;
    return new ProblemError(
      'BODY_TOO_LARGE',
      `The body is larger than ${bytesMax} bytes, the most that its sender may send. Nothing was accepted.`,
      {
        errors: [{ path: '', rule: 'TOO_LONG', got: `more than ${bytesMax} bytes`, allowed: `at most ${bytesMax} bytes` }],
      },
    );
  }

  private truncated(): ProblemError {
    return new ProblemError(
      'BODY_TRUNCATED',
      `The body ended after ${this.received} bytes, before it was complete. Nothing was accepted.`,
    );
  }

  private late(): ProblemError {
    return new ProblemError(
      'REQUEST_TIMEOUT',
      `The body did not arrive in time: ${this.received} bytes were received, at less than ${this.bounds.bytesPerSecondMin} a second or with too long a pause. Nothing was accepted; send it again.`,
    );
  }
}
