import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { untilReachable } from '@kintsugi/persistence';
import { limitKeysOf } from '../jobs/domain/limit-keys.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { ChunkChanges } from '../tasks/chunk-changes.js';
import { ChunkRecord } from '../tasks/chunk-record.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { priorityNow } from '../tasks/domain/task-priorities.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { QueuePace } from './domain/queue-pace.js';
import { ReadyWindow } from './domain/ready-window.js';
import { KeyLimits } from './key-limits.js';
import { LeaseBook } from './lease-book.js';

/** Chunks read from the store at once, and the size below which a window is filled again. */
const fillMax = 32;
const fillBelow = 24;
/** Chunks of a queue that wait for a key and are kept in memory for it. */
const keptMax = 64;
/** Queues that are read at once: anybody can offer any number of them. */
const fillsMax = 16;

interface Queue {
  window: ReadyWindow;
  pace: QueuePace;
  filling: boolean;
}

/** What can run, by queue: windows on the ready chunks of the store, filled as they are used up. */
@Injectable()
export class ReadyQueues {
  private readonly queues = new Map<string, Queue>();
  private readonly listeners: (() => void)[] = [];
  private fills = 0;

  constructor(
    private readonly record: ChunkRecord,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly book: LeaseBook,
    limits: KeyLimits,
    changes: ChunkChanges,
    private readonly faults: Faults,
  ) {
    live.keepWhile((chunk) => this.holds(chunk));
    changes.observe({ conflicted: (chunk) => this.remove(chunk) });
    book.onRoom((jobId, key) => {
      if (jobId !== null) this.noteRoom(jobId);
      if (key !== null) this.noteRoomUnder(key);
    });
    limits.onTokens((key) => this.noteRoomUnder(key));
  }

  /** Calls the listener when a queue may have more to give than before. */
  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) this.queues.set(name, (queue = { window: new ReadyWindow(), pace: new QueuePace(), filling: false }));
    return queue;
  }

  /** The queue as it is in memory; undefined where nothing of it is. */
  known(name: string): Readonly<Queue> | undefined {
    return this.queues.get(name);
  }

  get size(): number {
    return this.queues.size;
  }

  holds(chunk: Chunk): boolean {
    return this.queues.get(chunk.identity.queue)?.window.has(chunk) === true;
  }

  /** A chunk has ready tasks; false when it has to wait in the store. */
  offer(chunk: Chunk): boolean {
    this.followPriority(chunk);
    const isTaken = this.queue(chunk.identity.queue).window.offer(chunk);
    this.tellReady();
    return isTaken;
  }

  /** Some tasks of a chunk have been given away, and what is left of it may be less urgent. */
  placeAnew(chunk: Chunk): void {
    if (this.followPriority(chunk)) this.queue(chunk.identity.queue).window.offer(chunk);
  }

  /** The priority of a job is another now: its chunks in memory are placed anew, and those in the store are asked for. */
  reprioritise(jobId: string): void {
    for (const chunk of [...this.live.all]) {
      if (chunk.identity.jobId !== jobId) continue;
      this.outrun(chunk.identity.queue);
      if (!this.holds(chunk)) this.followPriority(chunk);
      else if (this.followPriority(chunk) && !this.queue(chunk.identity.queue).window.offer(chunk)) this.live.release(chunk);
    }
  }

  /** The store has something that may be more urgent than all that is in the window of a queue: it is read, however full that is. */
  outrun(name: string): void {
    const known = this.queues.get(name);
    if (!known) return;
    known.window.isOutrun = true;
    this.invalidate(name);
    this.fill(name, known);
  }

  remove(chunk: Chunk): void {
    this.queues.get(chunk.identity.queue)?.window.remove(chunk);
  }

  /** Forgets queues of which nothing waits here and that nobody offers. */
  forget(isOffered: (name: string) => boolean): void {
    for (const [name, { window, filling }] of this.queues) {
      if (window.size === 0 && !filling && !isOffered(name)) this.queues.delete(name);
    }
  }

  /** There may be more in the store than the window knows. */
  invalidate(name?: string): void {
    for (const [queue, { window }] of this.queues) if (name === undefined || queue === name) window.complete = false;
    this.tellReady();
  }

  /** The first chunk of a queue with tasks that may run beside any others, after what cannot has been put aside. */
  first(name: string): Chunk | undefined {
    const queue = this.queue(name);
    const chunk = queue.window.first((candidate) => this.mayRun(candidate));
    if (queue.window.size < fillBelow || queue.window.isOutrun || !chunk) this.fill(name, queue);
    return chunk;
  }

  /** The suspects of a queue that run next, with their isolation. */
  firstSuspects(name: string): { chunk: Chunk; isolation: number } | null {
    return this.queue(name).window.firstSuspects((candidate) => this.mayRun(candidate));
  }

  /** A job that could not run more has room again: its chunks that were put aside count once more. */
  noteRoom(jobId: string): void {
    for (const { window } of this.queues.values()) if (window.leftOut.has(jobId)) window.complete = false;
    this.tellReady();
  }

  /** Jobs of a key that could not run more have room again: the store is asked for them once none is left here. */
  private noteRoomUnder(key: string): void {
    for (const { window } of this.queues.values()) {
      const isNext = (chunk: Chunk): boolean => this.limitKeysOf(chunk).includes(key) && this.mayRun(chunk);
      if (window.leftOutKeys.has(key) && !window.first(isNext)) window.complete = false;
    }
    this.tellReady();
  }

  private mayRun(chunk: Chunk): boolean {
    const { jobId } = chunk.identity;
    if (jobId === null) return true;
    const entry = this.ledger.get(jobId);
    return entry !== undefined && this.book.mayStart(entry);
  }

  private tellReady(): void {
    for (const listener of this.listeners) listener();
  }

  private fill(name: string, queue: Queue): void {
    if (queue.filling || queue.window.complete || this.fills >= fillsMax) return;
    queue.filling = true;
    this.fills += 1;
    // After a fault that does not pass it counts as complete until the reconciler invalidates it: filled at once, it would only fail again.
    inBackground('ready-queues', () =>
      untilReachable(() => this.read(name, queue))
        .catch(this.faults.report)
        .finally(() => {
          queue.filling = false;
          this.fills -= 1;
          this.tellReady();
          if (queue.window.isOutrun) this.fill(name, queue);
        }),
    );
  }

  private async read(name: string, queue: Queue): Promise<void> {
    const { record, live, ledger, book } = this;
    const waiting = [...ledger.all].filter((entry) => !book.mayStart(entry));
    const full = new Set(waiting.map(({ job }) => job._id));
    this.putAside(queue, full);
    // What becomes ready while the store is being read is offered, and then found to wait there.
    queue.window.complete = true;
    queue.window.isOutrun = false;
    queue.window.leftOut = full;
    queue.window.leftOutKeys = new Set(waiting.flatMap(({ job }) => limitKeysOf(job)));
    const inMemory = this.readyInMemory(name, queue, full);
    await live.reading(async (isCurrent) => {
      const found = await record.ready(name, live.ids(), [...full], fillMax);
      if (found.length === fillMax) queue.window.complete = false;
      const jobs = found.flatMap(({ identity }) => identity.jobId ?? []);
      await ledger.hold(jobs, async () => {
        for (const chunk of found) this.takeIn(queue, chunk, isCurrent(chunk.id));
        return Promise.resolve();
      });
    });
    for (const chunk of inMemory) {
      if (live.get(chunk.id) !== chunk) queue.window.complete = false;
      else if (chunk.count('ready') > 0) {
        this.followPriority(chunk);
        queue.window.offer(chunk);
      }
    }
    for (const chunk of queue.window.trim()) live.release(chunk);
  }

  private takeIn({ window }: Queue, chunk: Chunk, isCurrent: boolean): void {
    if (!isCurrent) {
      window.complete = false;
      return;
    }
    const known = this.live.add(chunk);
    if (known.count('ready') === 0) return;
    this.followPriority(known);
    window.add(known);
  }

  /** Takes a chunk out of its window, where its priority is no longer the one by which it was placed there. */
  private followPriority(chunk: Chunk): boolean {
    const { jobId } = chunk.identity;
    const now = jobId === null ? priorityNow(chunk) : (this.ledger.get(jobId)?.job.priority ?? chunk.priority);
    if (now === chunk.priority) return false;
    this.remove(chunk);
    chunk.priority = now;
    return true;
  }

  /**
   * Chunks of a queue that wait outside its window and that the store is not asked for, because a lease or a write keeps
   * them in memory: without them, what is left of a job could not run before its longest task has ended.
   */
  private readyInMemory(name: string, { window }: Queue, full: ReadonlySet<string>): Chunk[] {
    return [...this.live.all].filter((chunk) => {
      const { queue, jobId } = chunk.identity;
      return queue === name && chunk.count('ready') > 0 && !window.has(chunk) && !(jobId !== null && full.has(jobId));
    });
  }

  /** Makes room in a window for chunks that can run. */
  private putAside(queue: Queue, full: ReadonlySet<string>): void {
    let kept = 0;
    for (const chunk of [...queue.window.contents]) {
      const { jobId } = chunk.identity;
      const isReady = chunk.count('ready') > 0;
      if (isReady && (jobId === null || !full.has(jobId))) continue;
      // Some that wait for a key are kept at hand: their turn comes with each task that ends under it.
      if (isReady && kept < keptMax && this.limitKeysOf(chunk).length > 0) {
        kept += 1;
        continue;
      }
      queue.window.remove(chunk);
      this.live.release(chunk);
    }
  }

  /** The keys that keep a chunk with others of theirs; none where its job is held back by itself. */
  private limitKeysOf({ identity: { jobId } }: Chunk): string[] {
    const entry = jobId === null ? undefined : this.ledger.get(jobId);
    return !entry || entry.isHeldBack ? [] : limitKeysOf(entry.job);
  }
}
