/** The thread of a LogPacker. It is run as it stands, from the sources too, so what it imports of this app imports nothing itself. */
import { constants as priorities, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { guarded } from '@kintsugi/boundary';
import type * as blockSieve from '../domain/block-sieve.js';
import type { PackOrder, PackReport } from './pack-order.js';

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const sieves = `../domain/block-sieve.${ending}`;
const { sieveOf } = (await import(new URL(sieves, import.meta.url).href)) as typeof blockSieve;

/** Logs are written far more often than read, and repeat themselves so much that the lowest level finds most of it. */
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
/** By itself a step is of 16 KiB, and costs memory to be collected: most lines are packed in one. */
const stepMin = 64 * 1024;
/** Used again for each block: to have memory made takes as long as to fill it several times. */
let room = Buffer.alloc(0);

// On Linux a priority is a thread's own: where cores are short, tasks go first, and logs as far as something is left.
if (process.platform === 'linux') yieldToOthers();

parentPort?.on(
  'message',
  guarded('pack-thread.order', (order: PackOrder) => {
    const report = reportOf(order);
    const made = 'sieve' in report ? [report.lines, report.sieve] : [];
    parentPort?.postMessage(
      report,
      made.flatMap((bytes) => (bytes ? [bytes.buffer] : [])),
    );
  }),
);

function reportOf(order: PackOrder): PackReport {
  const { number, shared, bytes, unpacked } = order;
  try {
    if (room.length < bytes) room = Buffer.allocUnsafeSlow(bytes);
    const lines = room.subarray(0, bytes);
    lines.set(new Uint8Array(shared, 0, bytes));
    if (unpacked !== null) return reportOfPacked(number, lines, unpacked);
    const packed = zstdCompressSync(lines, { params, chunkSize: Math.max(stepMin, bytes >> 1), pledgedSrcSize: bytes });
    return { number, lines: Uint8Array.from(packed), sieve: sieveOf(lines) };
  } catch (error) {
    return { number, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Whoever sent them may have told anything of them. */
function reportOfPacked(number: number, packed: Buffer, unpacked: number): PackReport {
  const lines = unpackedOrNull(packed, unpacked);
  return lines?.length === unpacked ? { number, lines: null, sieve: sieveOf(lines) } : { number, unreadable: true };
}

function unpackedOrNull(packed: Buffer, unpacked: number): Buffer | null {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: unpacked + 1, chunkSize: Math.max(stepMin, unpacked + 1) });
  } catch {
    return null;
  }
}

function yieldToOthers(): void {
  try {
    setPriority(priorities.priority.PRIORITY_LOW);
  } catch {
    // It has less already, and may not ask for more.
  }
}
