import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { untilReachable } from '@kintsugi/persistence';
import { JobLedger } from '../jobs/job-ledger.js';
import { ChunkChanges } from '../tasks/chunk-changes.js';
import { ChunkRecord } from '../tasks/chunk-record.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { QueuePace } from './domain/queue-pace.js';
import { ReadyWindow } from './domain/ready-window.js';
import { VirtualTimes } from './domain/virtual-times.js';
import { KeyLimits } from './key-limits.js';
import { LeaseBook } from './lease-book.js';
import { ResourceRoom } from './resource-room.js';
import { WindowReader } from './window-reader.js';

/** Queues that are read at once: anybody can offer any number of them. */
const fillsMax = 16;
/** Of so many slices one may go to tasks that others went before for long, though these still wait. */
const slicesPerTurn = 8;
/** What a task is taken to need, in milliseconds, before the first of its queue has ended. */
const unknownTaskMs = 1;

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
  private readonly reader: WindowReader;
  /** Of each priority, what the queues have had of the workers' time. */
  private readonly times = Array.from({ length: 10 }, () => new VirtualTimes());
  private fills = 0;
  private slices = 0;

  constructor(
    record: ChunkRecord,
    private readonly live: LiveChunks,
    ledger: JobLedger,
    book: LeaseBook,
    limits: KeyLimits,
    private readonly room: ResourceRoom,
    changes: ChunkChanges,
    private readonly faults: Faults,
  ) {
    this.reader = new WindowReader(record, live, ledger, book, room);
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
    if (!queue) this.queues.set(name, (queue = { window: this.freshWindow(), pace: new QueuePace(), filling: false }));
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
    const { window } = this.queue(chunk.identity.queue);
    this.reader.followPriority(window, chunk);
    const isTaken = window.offer(chunk);
    if (!isTaken) this.reader.noteRefused(window, chunk);
    if (window.isOverfull) for (const other of window.trim()) this.live.release(other);
    this.tellReady();
    return isTaken;
  }

  /** Some tasks of a chunk have been given away, and what is left of it may be less urgent. */
  placeAnew(chunk: Chunk): void {
    const { window } = this.queue(chunk.identity.queue);
    if (this.reader.followPriority(window, chunk)) window.offer(chunk);
  }

  /** The priority of a job is another now: its chunks in memory are placed anew, and those in the store are asked for. */
  reprioritise(jobId: string): void {
    for (const chunk of [...this.live.all]) {
      if (chunk.identity.jobId !== jobId) continue;
      this.outrun(chunk.identity.queue);
      const window = this.queues.get(chunk.identity.queue)?.window;
      const isHeld = this.holds(chunk);
      if (this.reader.followPriority(window, chunk) && isHeld && !window?.offer(chunk)) this.live.release(chunk);
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

  /** A job has ready tasks in the store, which others may have filled the window before. */
  noteOpened(name: string, jobId: string): void {
    this.queues.get(name)?.window.noteShort(jobId);
    this.invalidate(name);
  }

  remove(chunk: Chunk): void {
    const window = this.queues.get(chunk.identity.queue)?.window;
    if (!window?.has(chunk)) return;
    window.remove(chunk);
    this.reader.noteLeft(window, chunk);
  }

  /** Tasks of a chunk, which was first in its queue, have been given to a worker. */
  noteGiven(chunk: Chunk, tasks: number): void {
    const { queue } = chunk.identity;
    const { window, pace } = this.queue(queue);
    this.slices += 1;
    this.room.noteGiven(chunk);
    window.charge(chunk, tasks);
    this.times[chunk.priority]?.charge(queue, tasks * (pace.taskMs?.meanMs ?? unknownTaskMs));
  }

  /** Of two chunks that are first in their queues, whether this one goes before the other. */
  goesBefore(one: Chunk, other: Chunk): boolean {
    if (one.priority !== other.priority) return one.priority > other.priority;
    const times = this.times[one.priority];
    const ahead = (times?.of(one.identity.queue) ?? 0) - (times?.of(other.identity.queue) ?? 0);
    return ahead < 0 || (ahead === 0 && one.id < other.id);
  }

  /** Whether the next slice may be one of tasks that others went before for long. */
  get isTurnOfPassedOver(): boolean {
    return this.slices % slicesPerTurn === slicesPerTurn - 1;
  }

  /** Of a queue, the next chunk of a lower priority that others went before for so long that it counts as one of this. */
  passedOver(name: string, priority: number, hasWorker: (chunk: Chunk) => boolean): { chunk: Chunk; slices: number } | null {
    return this.queue(name).window.passedOver(priority, (chunk) => this.reader.mayRun(chunk) && hasWorker(chunk));
  }

  /** Forgets queues of which nothing waits here and that nobody offers. */
  forget(isOffered: (name: string) => boolean): void {
    for (const [name, { window, filling }] of this.queues) {
      if (window.size === 0 && !filling && !isOffered(name)) this.queues.delete(name);
    }
  }

  /** There may be more in the store than the window knows. */
  invalidate(name?: string): void {
    for (const [queue, { window }] of this.queues) if (name === undefined || queue === name) window.reopen();
    this.tellReady();
  }

  /**
   * The first chunk of a queue with tasks that may run beside any others, after what cannot has been put aside.
   * @param hasWorker whether somebody can take tasks of a chunk now; others pass one for which nobody can
   */
  first(name: string, hasWorker: (chunk: Chunk) => boolean = () => true): Chunk | undefined {
    const queue = this.queue(name);
    let waitsForWorker = false;
    const chunk = queue.window.first((candidate) => {
      if (!this.reader.mayRun(candidate)) return false;
      if (hasWorker(candidate)) return true;
      waitsForWorker = true;
      return false;
    });
    // What waits for a worker is no reason to ask the store for more: it would be asked again and again.
    if ((!chunk && !waitsForWorker) || this.reader.isDue(queue.window)) this.fill(name, queue);
    return chunk;
  }

  /** The first chunk in memory of one job with tasks that may run beside any others, wherever there is room for them. */
  firstOf(name: string, jobId: string): Chunk | undefined {
    const window = this.queues.get(name)?.window;
    return window && this.reader.nextOf(window, jobId);
  }

  /** The suspects of a queue that run next, with their isolation. */
  firstSuspects(name: string): { chunk: Chunk; isolation: number } | null {
    return this.queue(name).window.firstSuspects((candidate) => this.reader.mayRun(candidate));
  }

  /** A job that could not run more has room again: its chunks that were put aside count once more. */
  noteRoom(jobId: string): void {
    for (const { window } of this.queues.values()) {
      if (!window.leftOut.has(jobId) || this.reader.nextOf(window, jobId)) continue;
      window.reopen();
      if (!this.reader.isIn(window, jobId)) window.noteShort(jobId);
    }
    this.tellReady();
  }

  /** Jobs of a key that could not run more have room again: the store is asked for them once none is left here. */
  private noteRoomUnder(key: string): void {
    for (const { window } of this.queues.values()) {
      const isNext = (chunk: Chunk): boolean => this.reader.limitKeysOf(chunk).includes(key) && this.reader.mayRun(chunk);
      if (window.leftOutKeys.has(key) && !window.contents.some(isNext)) window.reopen();
    }
    this.tellReady();
  }

  private freshWindow(): ReadyWindow {
    return new ReadyWindow({ ownersOf: (chunk) => this.reader.ownersOf(chunk), slicesGiven: () => this.slices });
  }

  private tellReady(): void {
    for (const listener of this.listeners) listener();
  }

  private fill(name: string, queue: Queue): void {
    if (queue.filling || queue.window.complete || this.fills >= fillsMax || this.reader.isDry(queue.window)) return;
    queue.filling = true;
    this.fills += 1;
    // After a fault that does not pass it counts as complete until the reconciler invalidates it: filled at once, it would only fail again.
    inBackground('ready-queues', () =>
      untilReachable(() => this.reader.read(name, queue.window))
        .catch(this.faults.report)
        .finally(() => {
          queue.filling = false;
          this.fills -= 1;
          this.tellReady();
          if (queue.window.isOutrun) this.fill(name, queue);
        }),
    );
  }
}
