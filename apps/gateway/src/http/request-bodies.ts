import type { FastifyRequest } from 'fastify';
import type { ReceivedBody } from '@kintsugi/contracts';
import type { Turns } from '@kintsugi/hosting';
import type { GatewaySettings } from '../gateway.config.js';
import { BodyReader, type BodyBounds } from './body-reader.js';
import { contentKindOf, contentTypeUnsupported, type ContentKind } from './content-kind.js';
import { JsonBodies } from './json-bodies.js';
import { piecesOf, type Pieces } from './pieces.js';

/** What all JSON bodies under way may hold together; their texts fit into the memory that a gateway is given. */
const jsonBytesMax = 64 * 1024 ** 2;

/** Bodies of requests, read within the bounds of their kind. */
export class RequestBodies {
  private readonly jsonBodies: JsonBodies;

  constructor(
    private readonly bounds: Record<ContentKind, BodyBounds>,
    turns: Turns,
  ) {
    this.jsonBodies = new JsonBodies(bounds.json, Math.max(jsonBytesMax, bounds.json.bytesMax), turns);
  }

  kindOf(request: FastifyRequest): ContentKind {
    return contentKindOf(request.headers);
  }

  /** What `use` makes of a body that must be JSON; see JsonBodies. */
  async json<Result>(request: FastifyRequest, use: (body: ReceivedBody) => Promise<Result>, bytesMax?: number): Promise<Result> {
    if (this.kindOf(request) !== 'json') throw contentTypeUnsupported(request.headers['content-type'], 'application/json');
    return this.jsonBodies.read(request.raw, use, bytesMax);
  }

  /**
   * The pieces of an upload.
   * @param ended aborted with a ProblemError as its reason when no more of it shall be taken
   */
  upload(request: FastifyRequest, ended: AbortSignal): Pieces {
    const { ndjson } = this.bounds;
    return piecesOf(new BodyReader(request.raw, { ...ndjson, signal: AbortSignal.any([ndjson.signal, ended]) }));
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
