import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { unpacked } from './unpacked.js';

async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function textOf(bytes: Uint8Array, pieceBytes = 7): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of unpacked(inPieces(bytes, pieceBytes), 'tasks.gz')) parts.push(part);
  return Buffer.concat(parts).toString();
}

const text = '{"payload":1}\n'.repeat(5_000);

test.each([1, 2, 7, 100_000])('a gzip file is unpacked by what it begins with, in pieces of %d bytes', async (pieceBytes) => {
  await expect(textOf(gzipSync(text), pieceBytes)).resolves.toBe(text);
});

test.each(['', '{', '{}\n', text])('what is none is left as it is', async (plain) => {
  await expect(textOf(Buffer.from(plain))).resolves.toBe(plain);
});

test('one that ends too early, or is damaged, is told as what it is', async () => {
  const whole = gzipSync(text);
  await expect(textOf(whole.subarray(0, whole.length - 10))).rejects.toThrow(
    'The gzip file tasks.gz ends before it is complete.',
  );
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 12, 40);
  await expect(textOf(damaged)).rejects.toThrow('The gzip file tasks.gz is damaged.');
});
