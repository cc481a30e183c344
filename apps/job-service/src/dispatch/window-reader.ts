import { DEFAULT_TENANT, planQueueOf } from '@kintsugi/contracts';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { limitKeysOf } from '../jobs/domain/limit-keys.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import type { ChunkRecord } from '../tasks/chunk-record.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { hasReadyUnsuspected } from '../tasks/domain/suspects.js';
import { priorityNow } from '../tasks/domain/task-priorities.js';
import type { LiveChunks } from '../tasks/live-chunks.js';
import type { Owners } from './domain/fair-share.js';
import { inTurns } from './domain/in-turns.js';
import type { ReadyWindow } from './domain/ready-window.js';
import type { LeaseBook } from './lease-book.js';
import type { ResourceRoom } from './resource-room.js';

/** Chunks read from the store at once, and the size below which a window is filled again. */
const fillMax = 32;
const fillBelow = 24;
/** Chunks of a queue that cannot run as things stand and are kept in memory for when they can. */
const keptMax = 64;
/** Chunks of a job among others, below which more of it are read. */
const shareBelow = 4;

/**
 * Fills windows from the store: with what is most urgent and oldest, and, where that is of a few, with something of each other job
 * and user, so that whoever waits behind a hundred thousand tasks is seen beside them.
 */
export class WindowReader {
  constructor(
    private readonly record: ChunkRecord,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly book: LeaseBook,
    private readonly room: ResourceRoom,
  ) {}

  /** Whether the store has to be asked for more than is in a window, as long as that is not complete. */
  isDue(window: ReadyWindow): boolean {
    return isLow(window) || window.isShort;
  }

  /** Whether the store, asked again, would give nothing new. */
  isDry(window: ReadyWindow): boolean {
    return window.dryAt !== null && this.startable(window) >= window.dryAt;
  }

  async read(name: string, window: ReadyWindow): Promise<void> {
    const before = new Set(window.contents);
    const startable = this.startable(window);
    // Set before the store is asked: whatever changes meanwhile is a reason to ask again.
    window.dryAt = startable;
    if (isLow(window) || startable < fillBelow) await this.readNext(name, window);
    else await this.readShort(name, window);
    for (const chunk of window.trim()) this.live.release(chunk);
    // Of many that are short, only some were asked for.
    if (window.isShort || window.contents.some((chunk) => !before.has(chunk))) window.dryAt = null;
  }

  mayRun(chunk: Chunk): boolean {
    const { jobId } = chunk.identity;
    if (jobId === null) return true;
    const entry = this.ledger.get(jobId);
    return entry !== undefined && this.book.mayStart(entry) && (!entry.job.resource_limits || this.room.isFor(chunk, entry));
  }

  /** Whose a chunk is; a bundle is its first job's, which all others have the tenant and mostly the user in common with. */
  ownersOf({ identity: { jobId, jobs, tenant } }: Chunk): Owners {
    if (jobId !== null) {
      const entry = this.ledger.get(jobId);
      return entry ? ownersOfJob(entry) : [tenant ?? DEFAULT_TENANT, '', jobId];
    }
    const job = jobs?.find((place) => place !== null);
    return [job?.tenant ?? DEFAULT_TENANT, job?.user_id ?? '', ''];
  }

  /** Whether something of a job is in a window. */
  isIn(window: ReadyWindow, jobId: string): boolean {
    const entry = this.ledger.get(jobId);
    return entry !== undefined && window.ofJob(ownersOfJob(entry), entry.job.priority).length > 0;
  }

  /** The first chunk of a job in a window, as long as it may run one more task; whether a worker has room is not asked. */
  nextOf(window: ReadyWindow, jobId: string): Chunk | undefined {
    const entry = this.ledger.get(jobId);
    if (!entry || !this.book.mayStart(entry)) return undefined;
    return window.ofJob(ownersOfJob(entry), entry.job.priority).find(hasReadyUnsuspected);
  }

  /** Takes a chunk out of its window, where its priority is no longer the one by which it was placed there. */
  followPriority(window: ReadyWindow | undefined, chunk: Chunk): boolean {
    const { jobId } = chunk.identity;
    const now = jobId === null ? priorityNow(chunk) : (this.ledger.get(jobId)?.job.priority ?? chunk.priority);
    if (now === chunk.priority) return false;
    window?.remove(chunk);
    chunk.priority = now;
    return true;
  }

  /** A chunk has left its window: where next to nothing is left there of its job and the store has more, that is read. */
  noteLeft(window: ReadyWindow, chunk: Chunk): void {
    this.noteLeftOut(window, chunk);
    if (window.complete || window.size === 0) return;
    const owners = this.ownersOf(chunk);
    const others = window.ofJob(owners, chunk.priority);
    // Where it has the window to itself, that is filled in time anyway.
    if (others.length >= shareBelow || others.length === window.size) return;
    const { jobId } = chunk.identity;
    if (jobId === null) {
      const user = userOf(owners);
      if (window.left.has(user)) window.shortUsers.add(user);
      return;
    }
    const here = [chunk, ...others].reduce((sum, { known }) => sum + (known.counts.ready ?? 0), 0);
    if ((this.ledger.get(jobId)?.counts.ready ?? 0) > here) window.noteShort(jobId);
  }

  /** What was kept of a job when the rest of it was put aside is used up: the store has the rest. */
  private noteLeftOut(window: ReadyWindow, { identity: { jobId } }: Chunk): void {
    if (jobId === null || !window.leftOut.has(jobId) || this.isIn(window, jobId)) return;
    window.reopen();
    window.noteShort(jobId);
  }

  /** A bundle was offered and has to wait in the store. */
  noteRefused(window: ReadyWindow, chunk: Chunk): void {
    if (chunk.identity.jobId === null) window.left.note(userOf(this.ownersOf(chunk)), chunk.id);
  }

  /** The keys that keep a chunk with others of theirs; none where its job is held back by itself. */
  limitKeysOf({ identity: { jobId } }: Chunk): string[] {
    const entry = jobId === null ? undefined : this.ledger.get(jobId);
    return !entry || entry.isHeldBack ? [] : limitKeysOf(entry.job);
  }

  /** Reads what is next of all that waits, and of each job that has nothing in the window while there is more than can be read. */
  private async readNext(name: string, window: ReadyWindow): Promise<void> {
    const { record, live, ledger, book } = this;
    window.shortJobs.clear();
    const waiting = [...ledger.all].filter((entry) => !book.mayStart(entry));
    const full = new Set(waiting.map(({ job }) => job._id));
    this.putAside(window, full);
    // What becomes ready while the store is being read is offered, and then found to wait there.
    window.complete = true;
    window.isOutrun = false;
    window.leftOut = full;
    window.leftOutKeys = new Set(waiting.flatMap(({ job }) => limitKeysOf(job)));
    const inMemory = this.readyInMemory(name, window, full);
    const found = await this.take(window, () => record.ready(name, live.ids(), [...full], fillMax));
    for (const chunk of inMemory) {
      if (live.get(chunk.id) !== chunk) window.reopen();
      else if (chunk.count('ready') > 0) {
        this.followPriority(window, chunk);
        window.offer(chunk);
      }
    }
    if (found === fillMax) {
      window.complete = false;
      const absent = inTurns(this.absentJobs(name, window, full), waysToShare, fillMax).map(({ job }) => job._id);
      await this.readOf(name, window, absent, []);
    } else if (window.complete) {
      window.shortUsers.clear();
      window.left.clear();
    }
  }

  private async readShort(name: string, window: ReadyWindow): Promise<void> {
    const jobs = [...window.shortJobs].slice(0, fillMax);
    const users = [...window.shortUsers].slice(0, fillMax);
    for (const jobId of jobs) window.shortJobs.delete(jobId);
    for (const user of users) window.shortUsers.delete(user);
    const able = jobs.filter((jobId) => this.mayStart(jobId));
    // Whoever has just been given as many as it may has room again with the first that ends.
    for (const jobId of jobs) if (!able.includes(jobId)) window.leftOut.add(jobId);
    await this.readOf(name, window, able, users);
  }

  /** Reads some chunks of each of these jobs and users; the fewer they are, the more of each. */
  private async readOf(name: string, window: ReadyWindow, jobs: readonly string[], users: readonly string[]): Promise<void> {
    const { record, live } = this;
    const each = Math.max(1, Math.floor(fillMax / (jobs.length + users.length)));
    if (jobs.length > 0) {
      await this.take(window, async () => {
        const known = live.ids();
        return (await Promise.all(jobs.map((jobId) => record.readyOf(name, jobId, known, each)))).flat();
      });
    }
    const bundles = users.flatMap((user) => window.left.take(user, each)).filter((id) => !live.get(id));
    const taken = bundles.length === 0 ? 0 : await this.take(window, () => this.readyIn(bundles));
    // What was remembered of them has been given out by now: what follows is found in the order of all.
    if (users.length === 0 || taken > 0) return;
    window.isOutrun = true;
    window.reopen();
  }

  private async readyIn(bundles: readonly string[]): Promise<Chunk[]> {
    return (await this.record.load(bundles)).filter((chunk) => chunk.count('ready') > 0);
  }

  /** Takes what a read finds into the window. Gives how many there were. */
  private async take(window: ReadyWindow, read: () => Promise<Chunk[]>): Promise<number> {
    const { live, ledger } = this;
    return live.reading(async (isCurrent) => {
      const found = await read();
      const jobs = found.flatMap(({ identity }) => identity.jobId ?? []);
      await ledger.hold(jobs, async () => {
        for (const chunk of found) this.takeIn(window, chunk, isCurrent(chunk.id));
        return Promise.resolve();
      });
      return found.length;
    });
  }

  private takeIn(window: ReadyWindow, chunk: Chunk, isCurrent: boolean): void {
    if (!isCurrent) {
      window.reopen();
      return;
    }
    const known = this.live.add(chunk);
    if (known.count('ready') === 0) return;
    this.followPriority(window, known);
    window.add(known);
  }

  /** Jobs with something in the store that may run, and nothing in the window. */
  private absentJobs(name: string, window: ReadyWindow, full: ReadonlySet<string>): LedgerEntry[] {
    return [...this.ledger.all].filter((entry) => {
      const { job, counts } = entry;
      const isOfQueue = entry.isPlanned
        ? job.type === name && (counts.ready ?? 0) > 0
        : !entry.hasBegun && planQueueOf(job.type) === name;
      return isOfQueue && !full.has(job._id) && window.ofJob(ownersOfJob(entry), job.priority).length === 0;
    });
  }

  /**
   * Chunks of a queue that wait outside its window and that the store is not asked for, because a lease or a write keeps
   * them in memory: without them, what is left of a job could not run before its longest task has ended.
   */
  private readyInMemory(name: string, window: ReadyWindow, full: ReadonlySet<string>): Chunk[] {
    return [...this.live.all].filter((chunk) => {
      const { queue, jobId } = chunk.identity;
      return queue === name && chunk.count('ready') > 0 && !window.has(chunk) && !(jobId !== null && full.has(jobId));
    });
  }

  /** Makes room in a window for chunks that can run. */
  private putAside(window: ReadyWindow, full: ReadonlySet<string>): void {
    const kept = new Set<string>();
    let count = 0;
    for (const chunk of [...window.contents]) {
      const { jobId } = chunk.identity;
      const isReady = chunk.count('ready') > 0;
      if (isReady && (jobId === null || !full.has(jobId))) continue;
      // Their turn comes with each task that ends: of those that wait for a key some are at hand, and one of each other job.
      if (isReady && jobId !== null && count < keptMax && (!kept.has(jobId) || this.limitKeysOf(chunk).length > 0)) {
        kept.add(jobId);
        count += 1;
        continue;
      }
      window.putAside(chunk);
      this.live.release(chunk);
    }
  }

  private mayStart(jobId: string): boolean {
    const entry = this.ledger.get(jobId);
    return entry !== undefined && this.book.mayStart(entry);
  }

  /** Chunks in a window of which something may start, up to as many as are enough. */
  private startable(window: ReadyWindow): number {
    let count = 0;
    for (const chunk of window.contents) {
      const { jobId } = chunk.identity;
      // Of what was cancelled or paused task by task, none is ready any more.
      if (chunk.count('ready') > 0 && (jobId === null || this.mayStart(jobId))) count += 1;
      if (count === fillBelow) break;
    }
    return count;
  }
}

const waysToShare = [
  ({ job }: LedgerEntry) => job.priority,
  ({ job }: LedgerEntry) => job.tenant,
  ({ job }: LedgerEntry) => job.user_id,
];

function isLow({ size, isOutrun }: ReadyWindow): boolean {
  return size < fillBelow || isOutrun;
}

function ownersOfJob({ job }: LedgerEntry): Owners {
  return [job.tenant, job.user_id, job._id];
}

function userOf([tenant, user]: Owners): string {
  return `${tenant}\t${user}`;
}
