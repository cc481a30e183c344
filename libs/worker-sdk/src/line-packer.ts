import { Worker } from 'node:worker_threads';
import { guarded } from '@kintsugi/boundary';

/** Lines of fewer bytes are sent as they are: they are packed where they are stored. */
const packedMin = 64 * 1024;
const sharedBytes = 1024 * 1024;

/**
 * What the thread runs, as text: a file of its own would be lost by a bundler, and the text of a function changed by a minifier. On Linux a
 * priority is a thread's own: where cores are short, tasks go first, and logs as far as something is left.
 */
const packThread = `
'use strict';
const os = require('node:os');
const { parentPort, workerData: shared } = require('node:worker_threads');
const { constants, zstdCompressSync } = require('node:zlib');
const params = { [constants.ZSTD_c_compressionLevel]: 1 };
const room = Buffer.allocUnsafeSlow(shared.byteLength);
if (process.platform === 'linux') {
  try {
    os.setPriority(os.constants.priority.PRIORITY_LOW);
  } catch {}
}
parentPort.on('message', (bytes) => {
  const lines = room.subarray(0, bytes);
  lines.set(new Uint8Array(shared, 0, bytes));
  const inChunk = zstdCompressSync(lines, { params, chunkSize: bytes, pledgedSrcSize: bytes });
  const packed = Uint8Array.from(inChunk);
  // It has room for all lines, and would wait with others of its kind for a collection of tens of megabytes.
  if (inChunk.buffer.byteLength >= bytes) inChunk.buffer.transfer(0);
  parentPort.postMessage(packed, [packed.buffer]);
});
`;

/**
 * Packs the lines of logs by zstd in a thread of its own, which is made with the first: a quarter of the bytes are left to be sent, by all that
 * they pass. One call at a time. Where there is no zstd, as in older versions of Node.js, nothing is packed.
 */
export class LinePacker {
  private readonly shared = new SharedArrayBuffer(sharedBytes);
  private thread: Worker | null = null;
  private isBroken = false;
  private settle: ((packed: Uint8Array | null) => void) | null = null;

  /** Packs lines that stand in several pieces. Null where they had better be sent as they are. */
  async pack(pieces: readonly Uint8Array[]): Promise<Uint8Array | null> {
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    if (this.isBroken || bytes < packedMin || bytes > sharedBytes) return null;
    const room = new Uint8Array(this.shared);
    let at = 0;
    for (const piece of pieces) {
      room.set(piece, at);
      at += piece.length;
    }
    const packed = await this.packedOf(bytes);
    return packed && packed.length < bytes ? packed : null;
  }

  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private async packedOf(bytes: number): Promise<Uint8Array | null> {
    try {
      return await new Promise((resolve) => {
        this.settle = resolve;
        this.thread ??= this.start();
        this.thread.postMessage(bytes);
      });
    } catch {
      // A process may be refused threads, as one with permissions is.
      this.isBroken = true;
      return null;
    }
  }

  private start(): Worker {
    const thread = new Worker(packThread, { eval: true, workerData: this.shared });
    thread.unref();
    thread.on(
      'message',
      guarded('line-packer.packed', (packed: Uint8Array) => this.settle?.(packed)),
    );
    // It may miss zstd, or be closed: what it is asked for then is sent as it is.
    thread.on(
      'error',
      guarded('line-packer.error', () => undefined),
    );
    thread.on(
      'exit',
      guarded('line-packer.exit', () => {
        this.isBroken = true;
        this.settle?.(null);
      }),
    );
    return thread;
  }
}
