import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Logs are written far more often than read, and repeat themselves so much that the lowest level finds most of it. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** Far above what any block holds: one that would become larger is none of ours. */
const maxOutputLength = 64 * 1024 * 1024;

export function compressLines(lines: Buffer): Promise<Buffer> {
  return compress(lines, { params });
}

export function decompressLines(stored: Uint8Array): Promise<Buffer> {
  return decompress(stored, { maxOutputLength });
}
