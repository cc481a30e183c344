import type { FastifyRequest } from 'fastify';
import { BodyReader, type BodyBounds } from './body-reader.js';
import { contentKindOf, contentTypeUnsupported, type ContentKind } from './content-kind.js';
import { readJsonBody } from './json-body.js';

/** Bodies of requests, read within the bounds of their kind. */
export class RequestBodies {
  constructor(private readonly bounds: Record<ContentKind, BodyBounds>) {}

  kindOf(request: FastifyRequest): ContentKind {
    return contentKindOf(request.headers);
  }

  /** The JSON of a body that must be JSON. */
  json(request: FastifyRequest): Promise<unknown> {
    if (this.kindOf(request) !== 'json') throw contentTypeUnsupported(request.headers['content-type'], 'application/json');
    return readJsonBody(new BodyReader(request.raw, this.bounds.json));
  }

  /** The pieces of an upload. */
  upload(request: FastifyRequest): BodyReader {
    return new BodyReader(request.raw, this.bounds.ndjson);
  }
}
