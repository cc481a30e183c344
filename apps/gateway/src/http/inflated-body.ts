import { createGunzip } from 'node:zlib';
import { guarded } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import type { BodyReader } from './body-reader.js';

const pieceBytes = 64 * 1024;
/** What any body may unpack to, and how many times its size it may unpack to beyond that. */
const freeBytes = 16 * 1024 ** 2;
const ratioMax = 100;

/**
 * A gzip body, unpacked piece by piece and no faster than it is read. The bounds of a body hold for what it unpacks to; beyond 16 MiB
 * so does a bound of how many times its size that may be, since a small request could otherwise have a gateway work for minutes.
 */
export class InflatedBody {
  private readonly gunzip = createGunzip({ chunkSize: pieceBytes });
  private wantsMore = true;
  private inflated = 0;
  private fault: Error | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly source: BodyReader) {
    const proceed = guarded('inflated-body.proceed', () => this.wake());
    for (const event of ['readable', 'end', 'close']) this.gunzip.on(event, proceed);
    this.gunzip.on(
      'error',
      guarded('inflated-body.fault', (error: Error) => {
        this.fault = error;
        this.wake();
      }),
    );
  }

  /** The next piece, or null at the end. */
  async next(): Promise<Buffer | null> {
    for (;;) {
      const piece = this.gunzip.read() as Buffer | null;
      if (piece) return this.counted(piece);
      if (this.fault) throw invalid(this.fault);
      if (this.gunzip.readableEnded) return null;
      if (this.wantsMore) await this.feed();
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private async feed(): Promise<void> {
    const piece = await this.source.next();
    this.wantsMore = false;
    if (!piece) {
      this.gunzip.end();
      return;
    }
    this.gunzip.write(piece, () => {
      this.wantsMore = true;
      this.wake();
    });
  }

  private counted(piece: Buffer): Buffer {
    this.inflated += piece.length;
    this.source.holdTo(this.inflated);
    if (this.inflated > freeBytes && this.inflated > this.source.receivedBytes * ratioMax) {
      throw new ProblemError(
        'BODY_TOO_LARGE',
        `The compressed body unpacks to more than ${ratioMax} times its size. Send it uncompressed. Nothing was accepted.`,
        { errors: [{ path: '', rule: 'RATIO', got: `more than ${ratioMax} to 1`, allowed: `at most ${ratioMax} to 1` }] },
      );
    }
    return piece;
  }
}

function invalid(fault: Error & { code?: string }): ProblemError {
  const [why, got] = reasons[fault.code ?? ''] ?? ['is damaged', fault.message];
  return new ProblemError('COMPRESSION_INVALID', `The gzip body ${why}. Nothing was accepted.`, {
    errors: [{ path: '', rule: 'GZIP', got, allowed: 'a whole gzip stream' }],
  });
}

const reasons: Record<string, [why: string, got: string]> = {
  Z_BUF_ERROR: ['ends before it is complete', 'a part of a gzip stream'],
};
