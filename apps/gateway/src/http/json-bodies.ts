import type { IncomingMessage } from 'node:http';
import { ProblemError, decodeUtf8, parseJson } from '@kintsugi/contracts';
import { BodyReader, type BodyBounds } from './body-reader.js';

/**
 * JSON bodies, read whole and bounded together: what all that are under way have sent is never more than `bytesMax`.
 * A body's bytes count from their arrival until its request has been answered.
 */
export class JsonBodies {
  private held = 0;

  constructor(
    private readonly bounds: BodyBounds,
    private readonly bytesMax: number,
  ) {}

  /**
   * Hands the JSON of a body to `use`, which must be done with it when it returns its promise: parsed, a body may be twenty times as
   * large, so that only one at a time may stand in memory, however many requests wait for a service.
   * @param bytesMax most that this caller may send
   */
  async read<Result>(
    stream: IncomingMessage,
    use: (json: unknown) => Promise<Result>,
    bytesMax = this.bounds.bytesMax,
  ): Promise<Result> {
    const reader = new BodyReader(stream, { ...this.bounds, bytesMax: Math.min(bytesMax, this.bounds.bytesMax) });
    if (this.held + reader.announcedBytes() > this.bytesMax) throw this.overloaded();
    const pieces: Buffer[] = [];
    let own = 0;
    try {
      for (let piece = await reader.next(); piece; piece = await reader.next()) {
        own += piece.length;
        this.held += piece.length;
        if (this.held > this.bytesMax) throw this.overloaded();
        pieces.push(piece);
      }
      return await used(pieces, use);
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

/** Not an async function: one that waits keeps what it was given. */
function used<Result>(pieces: Buffer[], use: (json: unknown) => Promise<Result>): Promise<Result> {
  const whole = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  pieces.length = 0;
  return use(parseJson(decodeUtf8(whole)));
}
