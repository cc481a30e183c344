import type { IncomingMessage } from 'node:http';
import { BodyScan, ProblemError, limits, receivedBody, type BodyShape, type ReceivedBody } from '@kintsugi/contracts';
import { atOnceBytesMax, type Turns } from '@kintsugi/hosting';
import { BodyReader, type BodyBounds } from './body-reader.js';
import { piecesOf } from './pieces.js';

const shape: BodyShape = { listAt: ['data', 'tasks'], root: '', restBytesMax: limits.bodyRestBytes };

/**
 * JSON bodies, read whole and bounded together: what all that are under way have sent is never more than `bytesMax`.
 * A body's bytes count from their arrival until its request has been answered. They are looked at as they arrive, so that what is
 * too much is refused before there is more of it, and parsed in parts.
 */
export class JsonBodies {
  private held = 0;

  constructor(
    private readonly bounds: BodyBounds,
    private readonly bytesMax: number,
    private readonly turns: Turns,
  ) {}

  /** @param bytesMax most that this caller may send */
  async read<Result>(
    stream: IncomingMessage,
    use: (body: ReceivedBody) => Promise<Result>,
    bytesMax = this.bounds.bytesMax,
  ): Promise<Result> {
    const reader = new BodyReader(stream, { ...this.bounds, bytesMax: Math.min(bytesMax, this.bounds.bytesMax) });
    if (this.held + reader.announcedBytes() > this.bytesMax) throw this.overloaded();
    const pieces: Buffer[] = [];
    const scan = new BodyScan(shape);
    const body = piecesOf(reader);
    let own = 0;
    try {
      for (let piece = await body.next(); piece; piece = await body.next()) {
        own += piece.length;
        this.held += piece.length;
        if (this.held > this.bytesMax) throw this.overloaded();
        if (piece.length > atOnceBytesMax) await this.turns.next();
        scan.push(piece);
        pieces.push(piece);
      }
      if (own > atOnceBytesMax) await this.turns.next();
      return await use(receivedBody(joined(pieces), scan, shape));
    } finally {
      this.held -= own;
    }
  }

  private overloaded(): ProblemError {
    return new ProblemError(
      'OVERLOADED',
      `The JSON bodies under way hold ${this.bytesMax} bytes, as many as this gateway takes at once. Nothing was accepted; try again.`,
      { retry_after: 1 },
    );
  }
}

function joined(pieces: Buffer[]): Buffer {
  const whole = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  pieces.length = 0;
  return whole;
}
