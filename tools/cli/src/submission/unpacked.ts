import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../failure.js';
import { following } from './following.js';

const gzipMagic = [0x1f, 0x8b] as const;

/** The bytes of a source, unpacked where they begin as a gzip file does, whatever it is called. */
export async function* unpacked(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array, undefined> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  let begun: Uint8Array = new Uint8Array(0);
  while (begun.length < gzipMagic.length) {
    const { value, done } = await chunks.next();
    if (done) break;
    begun = Buffer.concat([begun, value]);
  }
  const whole = following(begun, chunks);
  if (gzipMagic.some((byte, at) => begun[at] !== byte)) yield* whole;
  else yield* inflated(whole, name);
  return undefined;
}

async function* inflated(compressed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of Readable.from(compressed).compose(createGunzip())) yield piece as Uint8Array;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_')) throw error;
    const why = code === 'Z_BUF_ERROR' ? 'ends before it is complete' : 'is damaged';
    throw new Failure('FILE_UNREADABLE', `The gzip file ${name} ${why}.`, { advice: `Try gzip --test ${name}` });
  }
}
