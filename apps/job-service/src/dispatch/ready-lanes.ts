import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { Faults } from '@kintsugi/hosting';
import { untilReachable } from '@kintsugi/persistence';
import { JobLedger } from '../jobs/job-ledger.js';
import { ChunkChanges } from '../tasks/chunk-changes.js';
import { ChunkRecord } from '../tasks/chunk-record.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { LanePace } from './domain/lane-pace.js';
import { ReadyWindow } from './domain/ready-window.js';
import { LeaseBook } from './lease-book.js';

/** Chunks read from the store at once, and the size below which a window is filled again. */
const fillMax = 32;
const fillBelow = 24;
/** Lanes that are read at once: anybody can offer any number of them. */
const fillsMax = 16;

interface Lane {
  window: ReadyWindow;
  pace: LanePace;
  filling: boolean;
}

/** What can run, by lane: windows on the ready chunks of the store, filled as they are used up. */
@Injectable()
export class ReadyLanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly listeners: (() => void)[] = [];
  private fills = 0;

  constructor(
    private readonly record: ChunkRecord,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly book: LeaseBook,
    changes: ChunkChanges,
    private readonly faults: Faults,
  ) {
    live.keepWhile((chunk) => this.holds(chunk));
    changes.observe({ conflicted: (chunk) => this.remove(chunk) });
    book.onRoom((jobId) => {
      if (jobId !== null) this.noteRoom(jobId);
    });
  }

  /** Calls the listener when a lane may have more to give than before. */
  onReady(listener: () => void): void {
    this.listeners.push(listener);
  }

  lane(name: string): Lane {
    let lane = this.lanes.get(name);
    if (!lane) this.lanes.set(name, (lane = { window: new ReadyWindow(), pace: new LanePace(), filling: false }));
    return lane;
  }

  get size(): number {
    return this.lanes.size;
  }

  holds(chunk: Chunk): boolean {
    return this.lanes.get(chunk.identity.lane)?.window.has(chunk) === true;
  }

  /** A chunk has ready tasks; false when it has to wait in the store. */
  offer(chunk: Chunk): boolean {
    const isTaken = this.lane(chunk.identity.lane).window.offer(chunk);
    this.tellReady();
    return isTaken;
  }

  remove(chunk: Chunk): void {
    this.lanes.get(chunk.identity.lane)?.window.remove(chunk);
  }

  /** Forgets lanes of which nothing waits here and that nobody offers. */
  forget(isOffered: (name: string) => boolean): void {
    for (const [name, { window, filling }] of this.lanes) {
      if (window.size === 0 && !filling && !isOffered(name)) this.lanes.delete(name);
    }
  }

  /** There may be more in the store than the window knows. */
  distrust(name?: string): void {
    for (const [lane, { window }] of this.lanes) if (name === undefined || lane === name) window.complete = false;
    this.tellReady();
  }

  /** The first chunk of a lane with tasks that may run beside any others, after what cannot has been put aside. */
  first(name: string): Chunk | undefined {
    const lane = this.lane(name);
    const chunk = lane.window.first((candidate) => this.mayRun(candidate));
    if (lane.window.size < fillBelow || !chunk) this.fill(name, lane);
    return chunk;
  }

  /** The suspects of a lane that run next, with the company that they may run in. */
  firstSuspects(name: string): { chunk: Chunk; company: number } | null {
    return this.lane(name).window.firstSuspects((candidate) => this.mayRun(candidate));
  }

  /** A job that could not run more has room again: its chunks that were put aside count once more. */
  noteRoom(jobId: string): void {
    for (const { window } of this.lanes.values()) if (window.leftOut.has(jobId)) window.complete = false;
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

  private fill(name: string, lane: Lane): void {
    if (lane.filling || lane.window.complete || this.fills >= fillsMax) return;
    lane.filling = true;
    this.fills += 1;
    // After a fault that does not pass it counts as complete until the reconciler distrusts it: filled at once, it would only fail again.
    inBackground('ready-lanes', () =>
      untilReachable(() => this.read(name, lane))
        .catch(this.faults.report)
        .finally(() => {
          lane.filling = false;
          this.fills -= 1;
          this.tellReady();
        }),
    );
  }

  private async read(name: string, lane: Lane): Promise<void> {
    const { record, live, ledger, book } = this;
    const full = new Set([...ledger.all].filter((entry) => !book.mayStart(entry)).map((entry) => entry.job._id));
    this.putAside(lane, full);
    // What becomes ready while the store is being read is offered, and then found to wait there.
    lane.window.complete = true;
    lane.window.leftOut = full;
    const inMemory = this.readyInMemory(name, lane, full);
    await live.reading(async (isCurrent) => {
      const found = await record.ready(name, live.ids(), [...full], fillMax);
      if (found.length === fillMax) lane.window.complete = false;
      const jobs = found.flatMap(({ identity }) => identity.jobId ?? []);
      await ledger.hold(jobs, async () => {
        for (const chunk of found) this.takeIn(lane, chunk, isCurrent(chunk.id));
        return Promise.resolve();
      });
    });
    for (const chunk of inMemory) {
      if (live.get(chunk.id) !== chunk) lane.window.complete = false;
      else if (chunk.count('ready') > 0) lane.window.offer(chunk);
    }
  }

  private takeIn({ window }: Lane, chunk: Chunk, isCurrent: boolean): void {
    if (!isCurrent) {
      window.complete = false;
      return;
    }
    const standing = this.live.add(chunk);
    if (standing.count('ready') > 0) window.add(standing);
  }

  /**
   * Chunks of a lane that wait outside its window and that the store is not asked for, because a lease or a write keeps
   * them in memory: without them, what is left of a job could not run before its longest task has ended.
   */
  private readyInMemory(name: string, { window }: Lane, full: ReadonlySet<string>): Chunk[] {
    return [...this.live.all].filter((chunk) => {
      const { lane, jobId } = chunk.identity;
      return lane === name && chunk.count('ready') > 0 && !window.has(chunk) && !(jobId !== null && full.has(jobId));
    });
  }

  /** Makes room in a window for chunks that can run. */
  private putAside(lane: Lane, full: ReadonlySet<string>): void {
    for (const chunk of [...lane.window.contents]) {
      if (chunk.count('ready') === 0 || (chunk.identity.jobId !== null && full.has(chunk.identity.jobId))) {
        lane.window.remove(chunk);
        this.live.release(chunk);
      }
    }
  }
}
