import { Worker } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { guarded } from '@kintsugi/boundary';
import type { PackedBlock, PackOrder, PackReport } from './pack-order.js';

interface Ordered {
  resolve: (packed: PackedBlock | null) => void;
  reject: (error: Error) => void;
}

/** Memory that is kept to hand lines over; what more was needed at once is let go. */
const keptMax = 16;
const sharedMin = 1024 * 1024;

/**
 * Packs lines and makes their sieves in a thread of its own: it is most of what logs cost, and of all that this process does what can best
 * wait.
 */
@Injectable()
export class LogPacker implements OnApplicationShutdown {
  private readonly ordered = new Map<number, Ordered>();
  private readonly free: SharedArrayBuffer[] = [];
  private thread: Worker | null = null;
  private last = 0;

  async pack(lines: Uint8Array): Promise<{ lines: Uint8Array; sieve: Uint8Array | null }> {
    const packed = await this.handOver(lines, null);
    return { lines: packed?.lines ?? lines, sieve: packed?.sieve ?? null };
  }

  /** The sieve of lines that are packed already. @returns null where they are no such lines, or other than so many bytes unpacked */
  async sift(packed: Uint8Array, unpacked: number): Promise<{ sieve: Uint8Array | null } | null> {
    return this.handOver(packed, unpacked);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.thread?.terminate();
  }

  private async handOver(lines: Uint8Array, unpacked: number | null): Promise<PackedBlock | null> {
    const shared = this.memoryFor(lines.length);
    new Uint8Array(shared).set(lines);
    try {
      return await this.order({ shared, bytes: lines.length, unpacked });
    } finally {
      if (this.free.length < keptMax) this.free.push(shared);
    }
  }

  private memoryFor(bytes: number): SharedArrayBuffer {
    const at = this.free.findIndex(({ byteLength }) => byteLength >= bytes);
    return at >= 0 ? (this.free.splice(at, 1)[0] as SharedArrayBuffer) : new SharedArrayBuffer(Math.max(sharedMin, bytes));
  }

  private order(given: Omit<PackOrder, 'number'>): Promise<PackedBlock | null> {
    return new Promise((resolve, reject) => {
      this.last += 1;
      this.ordered.set(this.last, { resolve, reject });
      this.thread ??= this.start();
      this.thread.ref();
      this.thread.postMessage({ ...given, number: this.last } satisfies PackOrder);
    });
  }

  private start(): Worker {
    const thread = new Worker(
      new URL(import.meta.url.endsWith('.ts') ? './pack-thread.ts' : './pack-thread.js', import.meta.url),
    );
    thread.on(
      'message',
      guarded('log-packer.report', (report: PackReport) => this.settle(report)),
    );
    let fault: unknown;
    thread.on(
      'error',
      guarded('log-packer.error', (error: unknown) => {
        fault = error;
      }),
    );
    thread.on(
      'exit',
      guarded('log-packer.exit', () => this.giveUp(fault)),
    );
    return thread;
  }

  private settle(report: PackReport): void {
    const ordered = this.ordered.get(report.number);
    if (!ordered) return;
    this.ordered.delete(report.number);
    if (this.ordered.size === 0) this.thread?.unref();
    if ('fault' in report) ordered.reject(new Error(`Lines could not be packed: ${report.fault}`));
    else ordered.resolve('unreadable' in report ? null : report);
  }

  /** The next order starts another thread. */
  private giveUp(cause: unknown): void {
    this.thread = null;
    const given = [...this.ordered.values()];
    this.ordered.clear();
    for (const { reject } of given) reject(new Error('The thread that packs lines has ended.', { cause }));
  }
}
