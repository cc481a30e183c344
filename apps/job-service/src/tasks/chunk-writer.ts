import { Injectable } from '@nestjs/common';
import { inBackground, soon } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { isUnreachable } from '@kintsugi/persistence';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkRecord, type MarkedChange } from './chunk-record.js';
import { inTraces } from './commit-trace.js';
import type { Chunk } from './domain/chunk.js';

/** Most writes in one group, and most groups under way at once, beside the one of what is more urgent than others. */
const groupMax = 64;
const groupsMax = 3;
const retryDelayMs = 100;

/** Runs once the change that caused it is safe; or, with the reason, once it has turned out to be void. */
export type Effect = (voided: Error | null) => void;

interface Waiting {
  effects: Effect[];
  /** The traces that the write is a part of. */
  traceparents: string[];
}

interface TakenChunk extends Waiting {
  chunk: Chunk;
}

/**
 * Group commit. A changed chunk waits only while as many groups are being written as may be at once; everything that
 * changed meanwhile goes into the next group, so that load makes the groups larger and not the writes more. What is more urgent than
 * others goes before all of them, in a group of its own beside theirs: it takes as long as its own few writes, and not as long as theirs.
 * A chunk is in one group at a time; effects run in order once their change is durable.
 */
@Injectable()
export class ChunkWriter {
  private readonly waiting = new Map<Chunk, Waiting>();
  private readonly underWay = new Set<Chunk>();
  private groups = 0;
  private isUrgentUnderWay = false;
  private isUrgentDue = false;
  /** The lowest priority of what is being written. */
  private lowestUnderWay = Infinity;
  private scheduled = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly record: ChunkRecord,
    private readonly changes: ChunkChanges,
    private readonly faults: Faults,
  ) {}

  /** Has the chunk's changes written soon; `effect` runs after that. */
  save(chunk: Chunk, effect?: Effect, traceparents: readonly string[] = []): void {
    const waiting = this.waiting.get(chunk) ?? { effects: [], traceparents: [] };
    this.waiting.set(chunk, waiting);
    if (effect) waiting.effects.push(effect);
    waiting.traceparents.push(...traceparents);
    if (chunk.priority > this.lowestUnderWay) this.scheduleUrgent();
    this.schedule();
  }

  isBusy(chunk: Chunk): boolean {
    return this.waiting.has(chunk) || this.underWay.has(chunk);
  }

  /** Ids of the jobs of which a chunk waits or is being written. */
  busyJobs(): Set<string> {
    const chunks = [...this.waiting.keys(), ...this.underWay];
    return new Set(chunks.flatMap(({ identity }) => identity.jobId ?? []));
  }

  /** Resolves once everything saved so far is written. */
  async settled(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Whether nothing waits or is being written. */
  get isIdle(): boolean {
    return this.waiting.size === 0 && this.groups === 0 && !this.isUrgentUnderWay;
  }

  /** A turn of the event loop may be long while so much is under way that others wait for it: this waits for what runs now alone. */
  private scheduleUrgent(): void {
    if (this.isUrgentDue || this.isUrgentUnderWay) return;
    this.isUrgentDue = true;
    inBackground('chunk-writer.urgent', async () => {
      await Promise.resolve();
      this.isUrgentDue = false;
      await this.writeUrgent();
    });
  }

  private schedule(): void {
    if (this.scheduled || (this.groups >= groupsMax && this.isUrgentUnderWay)) return;
    this.scheduled = true;
    // After the current turn: changes that are made together are written together.
    soon('chunk-writer', async () => {
      this.scheduled = false;
      await Promise.all([this.writeUrgent(), this.writeNext()]);
    });
  }

  private async writeUrgent(): Promise<void> {
    if (this.isUrgentUnderWay) return;
    const priority = this.priorityBeforeOthers;
    const taken = priority === null ? [] : this.take((chunk) => chunk.priority === priority);
    if (taken.length === 0) return;
    this.isUrgentUnderWay = true;
    await this.writeGroup(taken, () => (this.isUrgentUnderWay = false));
  }

  private async writeNext(): Promise<void> {
    if (this.groups >= groupsMax) return;
    const taken = this.take();
    if (taken.length === 0) return;
    this.groups += 1;
    await this.writeGroup(taken, () => (this.groups -= 1));
  }

  /** The highest priority of what can be written now, where something else that waits or is being written has a lower one. */
  private get priorityBeforeOthers(): number | null {
    let [highest, lowest] = [-1, this.lowestUnderWay];
    for (const chunk of this.waiting.keys()) {
      lowest = Math.min(lowest, chunk.priority);
      if (!this.underWay.has(chunk)) highest = Math.max(highest, chunk.priority);
    }
    return highest > lowest ? highest : null;
  }

  private async writeGroup(taken: readonly TakenChunk[], onEnd: () => void): Promise<void> {
    try {
      const group = taken.map(({ chunk }) => this.record.mark(chunk.takeChange()));
      const conflicts = new Set(
        await inTraces(
          taken,
          ({ traceparents }) => traceparents,
          () => this.writeUntilAnswered(group),
        ),
      );
      taken.forEach(({ chunk, effects }, position) => {
        this.underWay.delete(chunk);
        if (conflicts.has(chunk)) this.noteConflict(chunk, effects);
        else this.noteWritten(group[position] as MarkedChange, effects);
      });
    } finally {
      for (const { chunk } of taken) this.underWay.delete(chunk);
      this.lowestUnderWay = Infinity;
      for (const { priority } of this.underWay) this.lowestUnderWay = Math.min(this.lowestUnderWay, priority);
      onEnd();
      if (this.waiting.size > 0) this.schedule();
      else if (this.isIdle) this.tellIdle();
    }
  }

  private noteWritten({ change }: MarkedChange, effects: readonly Effect[]): void {
    const { chunk, sums } = change;
    const { known } = chunk;
    chunk.known = sums;
    this.changes.tellWritten({ ...change, known });
    for (const effect of effects) this.run(() => effect(null));
  }

  private noteConflict(chunk: Chunk, effects: readonly Effect[]): void {
    const later = this.waiting.get(chunk)?.effects ?? [];
    this.waiting.delete(chunk);
    this.changes.tellConflicted(chunk);
    const voided = new Error(`The chunk ${chunk.id} was changed by somebody else.`);
    for (const effect of [...effects, ...later]) this.run(() => effect(voided));
  }

  private take(isWanted: (chunk: Chunk) => boolean = () => true): TakenChunk[] {
    const taken: TakenChunk[] = [];
    for (const [chunk, waiting] of this.waiting) {
      if (this.underWay.has(chunk) || !isWanted(chunk)) continue;
      this.waiting.delete(chunk);
      this.underWay.add(chunk);
      this.lowestUnderWay = Math.min(this.lowestUnderWay, chunk.priority);
      taken.push({ chunk, ...waiting });
      if (taken.length === groupMax) break;
    }
    return taken;
  }

  /**
   * Writes a group and gives the chunks whose change is void. The same writes again for as long as the store is away:
   * they are conditional, so none is made twice.
   */
  private async writeUntilAnswered(group: readonly MarkedChange[]): Promise<Chunk[]> {
    let refused = false;
    for (;;) {
      try {
        if (!refused) return await this.record.write(group);
        const missing = await this.record.missing(group);
        return group.length === 1 ? missing : await this.writeEach(group.filter(({ change }) => missing.includes(change.chunk)));
      } catch (error) {
        this.faults.report(error);
        // What was refused will be refused again.
        refused ||= !isUnreachable(error);
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
      }
    }
  }

  /** Each by itself: one value that cannot be stored has its whole group refused, and only its own chunk is to blame. */
  private async writeEach(group: readonly MarkedChange[]): Promise<Chunk[]> {
    const voided: Chunk[] = [];
    for (const write of group) voided.push(...(await this.writeUntilAnswered([write])));
    return voided;
  }

  /** What one chunk's change leads to cannot keep the others of its group from theirs. */
  private run(effect: () => void): void {
    try {
      effect();
    } catch (error) {
      this.faults.report(error);
    }
  }

  private tellIdle(): void {
    const listeners = this.idle;
    this.idle = [];
    for (const listener of listeners) listener();
  }
}
