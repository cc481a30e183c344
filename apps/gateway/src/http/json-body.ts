import { decodeUtf8, parseJson } from '@kintsugi/contracts';
import type { BodyReader } from './body-reader.js';

/** The JSON of a whole body. It is read only after the guard has let the caller in. */
export async function readJsonBody(reader: BodyReader): Promise<unknown> {
  const pieces: Buffer[] = [];
  for (let piece = await reader.next(); piece; piece = await reader.next()) pieces.push(piece);
  return parseJson(decodeUtf8(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)));
}
