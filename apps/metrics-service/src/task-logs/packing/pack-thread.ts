/** The thread of a LogPacker. It is run as it stands, from the sources too, so what it imports of this app imports nothing itself. */
import { constants } from 'node:os';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { carryOutOrders } from '@kintsugi/hosting/carry-out-orders';
import type * as blockSieve from '../domain/block-sieve.js';
import type { PackOrder, PackReport } from './pack-order.js';
import type * as zstdOptions from './zstd-options.js';

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const here = (path: string): string => new URL(`${path}.${ending}`, import.meta.url).href;
const { sieveOf } = (await import(here('../domain/block-sieve'))) as typeof blockSieve;
const { packing, unpacking } = (await import(here('./zstd-options'))) as typeof zstdOptions;

/** Used again for each block: to have memory made takes as long as to fill it several times. */
let room = Buffer.alloc(0);

carryOutOrders<PackOrder, PackReport>('pack-thread', constants.priority.PRIORITY_LOW, (order) => {
  const report = reportOf(order);
  const made = 'sieve' in report ? [report.lines, report.sieve] : [];
  return { report, given: made.flatMap((bytes) => (bytes ? [bytes.buffer] : [])) };
});

function reportOf({ shared, bytes, unpacked }: PackOrder): PackReport {
  if (room.length < bytes) room = Buffer.allocUnsafeSlow(bytes);
  const lines = room.subarray(0, bytes);
  lines.set(new Uint8Array(shared, 0, bytes));
  if (unpacked !== null) return reportOfPacked(lines, unpacked);
  return { lines: Uint8Array.from(zstdCompressSync(lines, packing(bytes))), sieve: sieveOf(lines) };
}

/** Whoever sent them may have told anything of them. */
function reportOfPacked(packed: Buffer, unpacked: number): PackReport {
  const lines = unpackedOrNull(packed, unpacked);
  return lines?.length === unpacked ? { lines: null, sieve: sieveOf(lines) } : { unreadable: true };
}

function unpackedOrNull(packed: Buffer, unpacked: number): Buffer | null {
  try {
    return zstdDecompressSync(packed, unpacking(unpacked, unpacked + 1));
  } catch {
    return null;
  }
}
