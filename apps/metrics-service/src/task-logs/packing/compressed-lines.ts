import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { unpackedBytesOf } from '@kintsugi/contracts';
import type { LogBlock } from '../domain/log-block.js';
import { packing, unpacking } from './zstd-options.js';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Far above what any block holds: one that would become larger is none of ours. */
const bytesMax = 64 * 1024 * 1024;

export function compressLines(lines: Buffer): Promise<Buffer> {
  return compress(lines, packing(lines.length));
}

/** @param bytes that it had, where that is known */
export function decompressLines(stored: Uint8Array, bytes = 0): Promise<Buffer> {
  return decompress(stored, unpacking(bytes, bytesMax));
}

/** A block whose lines are not packed. @throws where they are other than its head says */
export async function unpackedBlock(block: LogBlock): Promise<LogBlock> {
  if (block.packed === undefined) return block;
  const { packed: _, ...head } = block;
  const bytes = unpackedBytesOf(block.runs);
  const lines = await decompressLines(block.lines, bytes);
  if (lines.length !== bytes) throw new Error(`Of a block of ${bytes} bytes ${lines.length} came.`);
  return { ...head, lines };
}

/** Blocks whose lines are not packed, without those that are other than their heads say. */
export async function* readable(blocks: readonly LogBlock[]): AsyncIterable<LogBlock> {
  for (const block of blocks) {
    const unpacked = await unpackedBlock(block).catch(() => null);
    if (unpacked) yield unpacked;
  }
}
