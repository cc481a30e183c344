import { randomBytes } from 'node:crypto';
import { inBackground } from '@kintsugi/boundary';
import {
  bytesOfPart,
  linePrefix,
  parseLine,
  unpackedBytesOf,
  type LogBatch,
  type LogPart,
  type LogReceipt,
} from '@kintsugi/contracts';
import { jobIdOfKey, jobKeyOf, textBytesOf, type LogBlock } from '../domain/log-block.js';
import { ungrouped } from '../domain/ungrouped-lines.js';
import type { LogStore } from '../log-store.js';
import { unpackedBlock } from '../packing/compressed-lines.js';

export interface TakingOptions {
  /** Bytes of text that are kept of one job. */
  jobBytesMax: number;
  /** Told of logs that have new lines, of how many bytes were stored, how many lines workers have dropped and how many blocks nobody could have read. */
  onStored: (news: { logs: string[]; bytes: number; lines: number; dropped: number; refused: number }) => void;
}

export interface Delivery {
  batch: LogBatch;
  lines: Buffer;
  answer: (receipt: LogReceipt) => void;
  fail: (error: unknown) => void;
}

/** Bytes of lines that are stored in one go. */
const groupBytesMax = 8 * 1024 * 1024;
/** And as many as they are unpacked: where jobs become full, all of them are in memory so. */
const groupUnpackedMax = 64 * 1024 * 1024;
/** What may wait for the database, whoever sends: each worker has one batch under way, and there are far fewer. */
const waitingBytesMax = 64 * 1024 * 1024;
const waitingMax = 10_000;
const knownSizesMax = 10_000;

/**
 * Stores what workers send, one group after the other, so that the keys of blocks rise in the order in which readers see
 * them. A batch is answered once it is stored; of a job whose log is full nothing more is.
 */
export class TakeLogBatches {
  /** By sender and number, in the order in which they came. */
  private readonly waiting = new Map<string, Delivery>();
  private waitingBytes = 0;
  private storing = false;
  private lastMs = 0;
  private count = 0;
  private readonly replica = randomBytes(3).toString('hex');
  /** Bytes of text by job, of logs that were written to lately. */
  private readonly sizes = new Map<string, Record<string, number>>();

  constructor(
    private readonly store: LogStore,
    private readonly options: TakingOptions,
  ) {}

  /** Who is not answered sends it again: so does whoever comes while too much waits. */
  take(delivery: Delivery): void {
    const sender = fromOf(delivery.batch);
    // A sender has one batch under way: what waits of it is the same, sent before.
    const before = this.waiting.get(sender);
    const more = delivery.lines.length - (before?.lines.length ?? 0);
    const isFull = this.waitingBytes + more > waitingBytesMax || (!before && this.waiting.size >= waitingMax);
    if (isFull) return;
    this.waiting.set(sender, delivery);
    this.waitingBytes += more;
    if (!this.storing) inBackground('logs.store', () => this.storeWaiting());
  }

  /** Batches that wait to be stored. */
  get held(): number {
    return this.waiting.size;
  }

  /** Forgets how large logs were. */
  evict(logs: readonly string[]): void {
    for (const log of logs) this.sizes.delete(log);
  }

  private async storeWaiting(): Promise<void> {
    this.storing = true;
    while (this.waiting.size > 0) {
      const group = this.nextGroup();
      try {
        await this.storeGroup(group);
      } catch (error) {
        // The workers send it again.
        for (const { fail } of group) fail(error);
      }
    }
    this.storing = false;
  }

  private nextGroup(): Delivery[] {
    const group: Delivery[] = [];
    let [bytes, unpacked] = [0, 0];
    for (const [sender, delivery] of this.waiting) {
      bytes += delivery.lines.length;
      unpacked += unpackedBytesOfAll(delivery.batch.parts);
      if (group.length > 0 && (bytes > groupBytesMax || unpacked > groupUnpackedMax)) break;
      group.push(delivery);
      this.waiting.delete(sender);
      this.waitingBytes -= delivery.lines.length;
    }
    return group;
  }

  private async storeGroup(group: readonly Delivery[]): Promise<void> {
    const parts = group.flatMap(({ batch }) => batch.parts);
    await this.learnSizes([...new Set(parts.map(({ log }) => log))]);
    const taken: { delivery: Delivery; full: Set<string> }[] = [];
    const blocks: LogBlock[] = [];
    let refused = 0;
    for (const delivery of group) {
      const full = new Set<string>();
      const known = delivery.batch.again ? await this.storedParts(delivery.batch) : new Set<string>();
      for (const block of this.blocksOf(delivery)) {
        if (known.has(block.log)) continue;
        const counted = await this.asCounted(block);
        if (counted) blocks.push(...this.withinBounds(counted, full));
        else refused += 1;
      }
      taken.push({ delivery, full });
    }
    refused += await this.store.add(blocks).catch((error: unknown) => {
      this.evict(blocks.map(({ log }) => log));
      throw error;
    });
    const logs = [...new Set(blocks.map(({ log }) => log))];
    if (blocks.length > 0) await this.store.dropForgotten(blocks);
    for (const { delivery, full } of taken) {
      delivery.answer({ taken: true, compact: true, ...(full.size > 0 ? { full: [...full] } : {}) });
    }
    this.options.onStored({
      logs,
      bytes: unpackedBytesOfAll(blocks),
      lines: blocks.reduce((sum, { runs }) => sum + runs.reduce((count, run) => count + run[2], 0), 0),
      dropped: group.reduce((sum, { batch }) => sum + batch.dropped, 0),
      refused,
    });
  }

  private async storedParts(batch: LogBatch): Promise<Set<string>> {
    const known = new Set<string>();
    for (const { log } of batch.parts) if (await this.store.holds(log, fromOf(batch))) known.add(log);
    return known;
  }

  private *blocksOf({ batch, lines }: Delivery): Generator<LogBlock> {
    let at = 0;
    for (const part of batch.parts) {
      const bytes = bytesOfPart(part);
      yield { ...part, key: this.nextKey(), from: fromOf(batch), lines: lines.subarray(at, at + bytes) };
      at += bytes;
    }
  }

  /** A packed block is taken apart only where one of its jobs becomes full with it, or is. Null where it cannot be. */
  private async asCounted(block: LogBlock): Promise<LogBlock | null> {
    const sizes = this.sizes.get(block.log) ?? {};
    const isFull = Object.entries(textBytesOf(block)).some(
      ([job, bytes]) => (sizes[job] ?? 0) + bytes >= this.options.jobBytesMax,
    );
    return isFull ? unpackedBlock(block).catch(() => null) : block;
  }

  /** What of a block is kept while its jobs have room left; of one that has just become full, a line says so. */
  private withinBounds(block: LogBlock, full: Set<string>): LogBlock[] {
    const sizes = this.sizes.get(block.log) ?? {};
    this.sizes.set(block.log, sizes);
    const kept: LogPart['runs'] = [];
    const lines: Buffer[] = [];
    let at = 0;
    for (const run of block.runs) {
      const [place, attempt, , bytes, text] = run;
      const key = jobKeyOf(block, place);
      const before = sizes[key] ?? 0;
      sizes[key] = before + text;
      const own = block.lines.subarray(at, at + bytes);
      at += bytes;
      if (sizes[key] >= this.options.jobBytesMax) full.add(jobIdOfKey(block.log, key));
      if (before >= this.options.jobBytesMax) continue;
      kept.push(run);
      lines.push(own);
      if (sizes[key] < this.options.jobBytesMax) continue;
      const note = this.fullNote(ungrouped({ runs: [run], lines: own }).lines);
      kept.push([place, attempt, 1, note.bytes.length, note.textBytes]);
      lines.push(note.bytes);
    }
    if (kept.length === 0) return [];
    const isWhole = kept.length === block.runs.length && kept.every((run, index) => run === block.runs[index]);
    return [isWhole ? block : { ...block, runs: kept, lines: Buffer.concat(lines) }];
  }

  private fullNote(lines: Buffer): { bytes: Buffer; textBytes: number } {
    const last = lines.subarray(lines.lastIndexOf(0x0a, lines.length - 2) + 1, lines.length - 1).toString('utf8');
    const { offsetMs = 0, number = 0 } = parseLine(last) ?? {};
    const prefix = linePrefix({ offsetMs, number: number + 1, stream: 'note', level: 'warn', partial: false });
    const text = `… the log of this job is full: ${this.options.jobBytesMax} bytes of it are kept, and what comes later is not.`;
    return { bytes: Buffer.from(`${prefix}${text}\n`), textBytes: Buffer.byteLength(text) };
  }

  private async learnSizes(logs: readonly string[]): Promise<void> {
    const unknown = logs.filter((log) => !this.sizes.has(log));
    if (unknown.length === 0) return;
    const found = await this.store.sizes(unknown);
    for (const log of unknown) this.sizes.set(log, { ...found.get(log)?.textBytes });
    for (const log of this.sizes.keys()) {
      if (this.sizes.size <= knownSizesMax) break;
      if (!logs.includes(log)) this.sizes.delete(log);
    }
  }

  /** Rises within this process; two replicas follow each other by their clocks. */
  private nextKey(): string {
    const now = Math.max(this.lastMs, Date.now());
    this.count = now === this.lastMs ? this.count + 1 : 0;
    this.lastMs = now;
    return `${now.toString(36).padStart(9, '0')}${this.count.toString(36).padStart(5, '0')}${this.replica}`;
  }
}

function unpackedBytesOfAll(parts: readonly Pick<LogPart, 'runs'>[]): number {
  return parts.reduce((sum, { runs }) => sum + unpackedBytesOf(runs), 0);
}

function fromOf({ worker_id: worker, sequence }: LogBatch): string {
  return `${worker}#${sequence}`;
}
