import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { unpackedBytesOf } from '@kintsugi/contracts';
import type { LogBlock } from '../domain/log-block.js';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Logs are written far more often than read, and repeat themselves so much that the lowest level finds most of it. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** Far above what any block holds: one that would become larger is none of ours. */
const maxOutputLength = 64 * 1024 * 1024;

/** By itself a step is of 16 KiB, and costs a turn of a thread and memory to be collected: most lines are packed and unpacked in one. */
const stepMin = 64 * 1024;

export function compressLines(lines: Buffer): Promise<Buffer> {
  return compress(lines, { params, chunkSize: Math.max(stepMin, lines.length >> 1), pledgedSrcSize: lines.length });
}

/** @param bytes that it had, where that is known */
export function decompressLines(stored: Uint8Array, bytes = 0): Promise<Buffer> {
  const chunkSize = Math.min(maxOutputLength, Math.max(stepMin, bytes + 1));
  return decompress(stored, { maxOutputLength, chunkSize });
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
