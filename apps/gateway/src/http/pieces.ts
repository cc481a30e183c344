import type { BodyReader } from './body-reader.js';
import { InflatedBody } from './inflated-body.js';

/** The bytes of a body, piece by piece; null at its end. */
export interface Pieces {
  next(): Promise<Buffer | null>;
}

/** The body as its sender meant it: unpacked where it was sent compressed. */
export function piecesOf(reader: BodyReader): Pieces {
  return reader.isCompressed ? new InflatedBody(reader) : reader;
}
