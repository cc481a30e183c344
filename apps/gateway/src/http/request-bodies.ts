import type { FastifyRequest } from 'fastify';
import type { ReceivedBody } from '@kintsugi/contracts';
import type { Turns } from '@kintsugi/hosting';
import { BodyReader, type BodyBounds } from './body-reader.js';
import { contentKindOf, contentTypeUnsupported, type ContentKind } from './content-kind.js';
import { JsonBodies } from './json-bodies.js';
import { piecesOf, type Pieces } from './pieces.js';

/** Bodies of requests, read within the bounds of their kind. */
export class RequestBodies {
  private readonly jsonBodies: JsonBodies;

  /** @param jsonBytesMax what the JSON bodies of all requests may hold together */
  constructor(
    private readonly bounds: Record<ContentKind, BodyBounds>,
    jsonBytesMax: number,
    turns: Turns,
  ) {
    this.jsonBodies = new JsonBodies(bounds.json, jsonBytesMax, turns);
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
