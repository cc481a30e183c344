import { expect, test } from '@jest/globals';
import { NoDocumentsError, documentsIn } from './bson-documents.js';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

async function listOf(found: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const list: Uint8Array[] = [];
  for await (const document of found) list.push(Uint8Array.from(document));
  return list;
}

/** Bytes that begin with their length, as a document of BSON does. */
function documentOf(length: number): Uint8Array {
  const bytes = Buffer.alloc(length, length % 256);
  bytes.writeInt32LE(length);
  return Uint8Array.from(bytes);
}

const documents = [5, 17, 300, 5, 64].map(documentOf);
const bytes = Buffer.concat(documents);

test.each([1, 3, 7, 64, 10_000])('documents are found whatever the pieces are that they come in: %d bytes', async (size) => {
  expect(await listOf(documentsIn(inPieces(bytes, size)))).toEqual(documents);
});

test.each([
  ['cut off', bytes.subarray(0, bytes.length - 1)],
  ['of a length that none has', Buffer.from([2, 0, 0, 0, 0])],
])('what is %s is told and not taken', async (_case, broken) => {
  await expect(listOf(documentsIn(inPieces(broken, 8)))).rejects.toThrow(NoDocumentsError);
});
