import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OrderedThread } from '@kintsugi/hosting';
import type { PackedBlock, PackOrder, PackReport } from './pack-order.js';

/** Memory that is kept to hand lines over; what more was needed at once is let go. */
const keptMax = 16;
const sharedMin = 1024 * 1024;

/**
 * Packs lines and makes their sieves in a thread of its own: it is most of what logs cost, and of all that this process does what can best
 * wait.
 */
@Injectable()
export class LogPacker implements OnApplicationShutdown {
  private readonly free: SharedArrayBuffer[] = [];
  private readonly thread = new OrderedThread<PackOrder, PackReport>({
    name: 'log-packer',
    file: new URL(import.meta.url.endsWith('.ts') ? './pack-thread.ts' : './pack-thread.js', import.meta.url),
    does: 'packs lines',
  });

  async pack(lines: Uint8Array): Promise<{ lines: Uint8Array; sieve: Uint8Array | null }> {
    const packed = await this.handOver(lines, null);
    return { lines: packed?.lines ?? lines, sieve: packed?.sieve ?? null };
  }

  /** The sieve of lines that are packed already. @returns null where they are no such lines, or other than so many bytes unpacked */
  async sift(packed: Uint8Array, unpacked: number): Promise<{ sieve: Uint8Array | null } | null> {
    return this.handOver(packed, unpacked);
  }

  onApplicationShutdown(): Promise<void> {
    return this.thread.end();
  }

  private async handOver(lines: Uint8Array, unpacked: number | null): Promise<PackedBlock | null> {
    const shared = this.memoryFor(lines.length);
    new Uint8Array(shared).set(lines);
    try {
      const report = await this.thread.order({ shared, bytes: lines.length, unpacked });
      return 'unreadable' in report ? null : report;
    } finally {
      if (this.free.length < keptMax) this.free.push(shared);
    }
  }

  private memoryFor(bytes: number): SharedArrayBuffer {
    const at = this.free.findIndex(({ byteLength }) => byteLength >= bytes);
    return at >= 0 ? (this.free.splice(at, 1)[0] as SharedArrayBuffer) : new SharedArrayBuffer(Math.max(sharedMin, bytes));
  }
}
