import type { IncomingMessage } from 'node:http';
import { BodyScan, ProblemError, limits, receivedBody, type BodyShape, type ReceivedBody } from '@kintsugi/contracts';
import { atOnceBytesMax, type Turns } from '@kintsugi/hosting';
import type { GatewaySettings } from '../gateway.config.js';
import { BodyReader, type BodyBounds } from './body-reader.js';
import { BodyBytes } from './body-bytes.js';
import { contentKindOf, contentTypeUnsupported, type ContentKind } from './content-kind.js';
import { InflatedBody } from './inflated-body.js';

/** What all JSON bodies under way may hold together; their texts fit into the memory that a gateway is given. */
const jsonBytesMax = 64 * 1024 ** 2;

const shape: BodyShape = { listAt: ['data', 'tasks'], root: '', restBytesMax: limits.bodyRestBytes };

/** The bytes of a body, piece by piece; null at its end. */
export interface Pieces {
  next(): Promise<Buffer | null>;
}

/**
 * Bodies of requests, read within the bounds of their kind. Those of JSON are read whole and bounded together: their bytes count from
 * their arrival until the request has been answered. They are looked at as they arrive, so that what is too much is refused before
 * there is more of it, and parsed in parts.
 */
export class RequestBodies {
  private held = 0;
  /** What all JSON bodies under way may hold together. */
  private readonly heldMax: number;

  constructor(
    private readonly bounds: Record<ContentKind, BodyBounds>,
    private readonly turns: Turns,
  ) {
    this.heldMax = Math.max(jsonBytesMax, bounds.json.bytesMax);
  }

  kindOf(request: IncomingMessage): ContentKind {
    return contentKindOf(request.headers);
  }

  /**
   * What `use` makes of a body that must be JSON.
   * @param bytesMax most that this caller may send
   */
  async json<Result>(
    request: IncomingMessage,
    use: (body: ReceivedBody) => Promise<Result>,
    bytesMax = Infinity,
  ): Promise<Result> {
    if (this.kindOf(request) !== 'json') throw contentTypeUnsupported(request.headers['content-type'], 'application/json');
    const { json } = this.bounds;
    const reader = new BodyReader(request, bytesMax < json.bytesMax ? { ...json, bytesMax } : json);
    if (this.held + reader.announcedBytes() > this.heldMax) throw this.overloaded();
    const bytes = new BodyBytes(reader.isCompressed ? 0 : reader.announcedBytes());
    const scan = new BodyScan(shape);
    const body = piecesOf(reader);
    let own = 0;
    try {
      for (let piece = await body.next(); piece; piece = await body.next()) {
        own += piece.length;
        this.held += piece.length;
        if (this.held > this.heldMax) throw this.overloaded();
        if (piece.length > atOnceBytesMax) await this.turns.next();
        scan.push(piece);
        bytes.push(piece);
      }
      if (own > atOnceBytesMax) await this.turns.next();
      return await use(receivedBody(bytes.take(), scan, shape));
    } finally {
      this.held -= own;
    }
  }

  /**
   * The pieces of an upload.
   * @param ended aborted with a ProblemError as its reason when no more of it shall be taken
   */
  upload(request: IncomingMessage, ended: AbortSignal): Pieces {
    const { ndjson } = this.bounds;
    return piecesOf(new BodyReader(request, { ...ndjson, signal: AbortSignal.any([ndjson.signal, ended]) }));
  }

  private overloaded(): ProblemError {
    return new ProblemError(
      'OVERLOADED',
      `The JSON bodies under way hold ${this.heldMax} bytes, as many as this gateway takes at once. Nothing was accepted; try again.`,
      { retry_after: 1 },
    );
  }
}

/** @param signal aborted when what lasts has to end */
export function boundsOf(settings: GatewaySettings, signal: AbortSignal): Record<ContentKind, BodyBounds> {
  const bytesPerSecondMin = settings.BODY_BYTES_PER_SECOND_MIN;
  return {
    json: {
      bytesMax: settings.BODY_LIMIT_BYTES,
      idleTimeoutMs: settings.REQUEST_TIMEOUT_MS,
      bytesPerSecondMin,
      totalTimeoutMs: settings.REQUEST_TIMEOUT_MS,
      signal,
    },
    ndjson: {
      bytesMax: settings.UPLOAD_LIMIT_BYTES,
      idleTimeoutMs: settings.UPLOAD_IDLE_TIMEOUT_MS,
      bytesPerSecondMin,
      totalTimeoutMs: settings.UPLOAD_TIMEOUT_MS,
      signal,
    },
  };
}

/** The body as its sender meant it: unpacked where it was sent compressed. */
function piecesOf(reader: BodyReader): Pieces {
  return reader.isCompressed ? new InflatedBody(reader) : reader;
}
