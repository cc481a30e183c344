import { logIdOf, placeOfBundledJob } from '@kintsugi/contracts';
import { blockOf, textBytesOf, type BlockHead, type LogBlock, type LogSize } from './domain/log-block.js';
import { ungrouped } from './domain/ungrouped-lines.js';
import { mayHold } from './domain/log-filter.js';
import { unpackedBlock } from './packing/compressed-lines.js';
import { LogStore, type BlockQuery, type LogTotals } from './log-store.js';

/** Logs in the memory of a test. */
export class LogStoreInMemory extends LogStore {
  private blocks: LogBlock[] = [];
  private readonly forgotten = new Set<string>();

  has(log: string): boolean {
    return this.blocks.some((block) => block.log === log);
  }

  override async add(blocks: readonly LogBlock[]): Promise<number> {
    const read = await Promise.all(blocks.map((block) => unpackedBlock(block).catch(() => null)));
    const kept = read.filter((block) => block !== null);
    this.blocks.push(...kept);
    return blocks.length - kept.length;
  }

  override holds(log: string, from: string): Promise<boolean> {
    return Promise.resolve(this.blocks.some((block) => block.log === log && block.from === from));
  }

  override async *read({ log, from = '', filter, newestFirst }: BlockQuery): AsyncIterable<LogBlock> {
    const found = this.blocks.filter((block) => block.log === log && block.key >= from && mayHold(block, filter));
    yield* (await Promise.resolve(newestFirst ? found.reverse() : found)).map(ungrouped);
  }

  override outline({ log, filter }: Pick<BlockQuery, 'log' | 'filter'>): Promise<BlockHead[]> {
    return Promise.resolve(this.blocks.filter((block) => block.log === log && mayHold(block, filter)));
  }

  override sizes(logs: readonly string[]): Promise<Map<string, LogSize>> {
    const sizes = new Map<string, LogSize>();
    for (const block of this.blocks.filter(({ log }) => logs.includes(log))) {
      const size = sizes.get(block.log) ?? { textBytes: {}, storedBytes: 0, lastAt: new Date(0) };
      for (const [job, bytes] of Object.entries(textBytesOf(block))) size.textBytes[job] = (size.textBytes[job] ?? 0) + bytes;
      size.storedBytes += block.lines.length;
      size.lastAt = new Date(Math.max(size.lastAt.getTime(), block.last_ms));
      sizes.set(block.log, size);
    }
    return Promise.resolve(sizes);
  }

  override forget(jobIds: readonly string[]): Promise<void> {
    for (const jobId of jobIds) this.forgotten.add(jobId);
    return this.dropForgotten(this.blocks);
  }

  override dropForgotten(blocks: readonly LogBlock[]): Promise<void> {
    const logs = new Set(blocks.map(({ log }) => log));
    for (const jobId of this.forgotten) {
      const log = logIdOf(jobId);
      if (!logs.has(log)) continue;
      const place = placeOfBundledJob(jobId);
      this.blocks = this.blocks.flatMap((block) => {
        if (block.log !== log) return block;
        return (place && blockOf(block, ([of]) => of !== `0.${place.index}`)) ?? [];
      });
    }
    return Promise.resolve();
  }

  override async *oldest(before = new Date(8.64e15)): AsyncIterable<{ log: string; size: LogSize }> {
    const sizes = await this.sizes(this.blocks.map(({ log }) => log));
    const found = [...sizes].map(([log, size]) => ({ log, size })).filter(({ size }) => size.lastAt < before);
    yield* found.sort((a, b) => a.size.lastAt.getTime() - b.size.lastAt.getTime());
  }

  override remove(log: string): Promise<void> {
    this.blocks = this.blocks.filter((block) => block.log !== log);
    return Promise.resolve();
  }

  override totals(): Promise<LogTotals> {
    const storedBytes = this.blocks.reduce((sum, { lines }) => sum + lines.length, 0);
    return Promise.resolve({ logs: new Set(this.blocks.map(({ log }) => log)).size, storedBytes });
  }
}
