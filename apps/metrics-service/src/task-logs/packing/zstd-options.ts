import { constants, type ZstdOptions } from 'node:zlib';

/** Logs are written far more often than read, and repeat themselves so much that the lowest level finds most of it. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** By itself a step is of 16 KiB, and costs a turn of a thread and memory to be collected: most lines are packed and unpacked in one. */
const stepMin = 64 * 1024;

/** For lines of so many bytes. */
export function packing(bytes: number): ZstdOptions {
  return { params, chunkSize: Math.max(stepMin, bytes >> 1), pledgedSrcSize: bytes };
}

/** For lines that had so many bytes, and must not become more than others. */
export function unpacking(bytes: number, bytesMax: number): ZstdOptions {
  return { maxOutputLength: bytesMax, chunkSize: Math.max(stepMin, Math.min(bytesMax, bytes + 1)) };
}
