const lengthBytes = 4;
/** The smallest document, and more than the largest that MongoDB keeps. */
const bounds = { least: 5, most: 32 * 1024 * 1024 };

/** Thrown where bytes are no documents one after the other. */
export class NoDocumentsError extends Error {
  override readonly name = 'NoDocumentsError';
}

/** The documents that lie one after the other in a stream of bytes: each begins with its length. */
export async function* documentsIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept = Buffer.alloc(0);
  for await (const chunk of bytes) {
    kept = kept.length === 0 ? Buffer.from(chunk) : Buffer.concat([kept, chunk]);
    let from = 0;
    for (let length = lengthAt(kept, from); length > 0 && from + length <= kept.length; length = lengthAt(kept, from)) {
      yield kept.subarray(from, from + length);
      from += length;
    }
    kept = kept.subarray(from);
  }
  if (kept.length > 0) throw new NoDocumentsError('The last document is cut off.');
}

/** 0 where its first bytes have not come yet. */
function lengthAt(bytes: Buffer, from: number): number {
  if (bytes.length - from < lengthBytes) return 0;
  const length = bytes.readInt32LE(from);
  if (length < bounds.least || length > bounds.most) throw new NoDocumentsError(`No document is ${length} bytes long.`);
  return length;
}
