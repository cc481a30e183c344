import { Injectable } from '@nestjs/common';
import type { ResourceLimits } from '@kintsugi/contracts';
import { HearingClock } from '@kintsugi/messaging';
import { concurrencyKeyOf } from '../jobs/domain/limit-keys.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { ChunkChanges } from '../tasks/chunk-changes.js';
import type { Chunk, Lease } from '../tasks/domain/chunk.js';
import { isolationOf } from '../tasks/domain/suspects.js';
import type { HeldLease } from './domain/worker-entry.js';
import { WorkerRoster } from './domain/worker-roster.js';
import { KeyLimits } from './key-limits.js';

/** What workers hold of a chunk, by fencing token. */
export type HeldTasks = ReadonlyMap<number, { workerId: string; open: number }>;

/**
 * Called when workers hold fewer tasks than before; with the job that could run no more of them, if it can now, and the
 * concurrency key under which they ran.
 */
export type RoomListener = (jobWithRoom: string | null, keyWithRoom: string | null) => void;

/**
 * Who holds which leases, and how many tasks of each job are with workers, also where that is not written yet. Whoever gives
 * leases out, takes them over or finds them void has them noted here, and nowhere else.
 */
@Injectable()
export class LeaseBook {
  private readonly leasedOfJob = new Map<string, number>();
  private readonly listeners: RoomListener[] = [];

  constructor(
    private readonly roster: WorkerRoster,
    private readonly ledger: JobLedger,
    private readonly hearing: HearingClock,
    private readonly limits: KeyLimits,
    changes: ChunkChanges,
  ) {
    changes.observe({
      entered: (chunk) => this.takeOver(chunk),
      conflicted: (chunk) => this.note(chunk, this.heldOf(chunk), []),
    });
  }

  onRoom(listener: RoomListener): void {
    this.listeners.push(listener);
  }

  /** A worker is given a lease, which leaves once it is safe. */
  give(chunk: Chunk, lease: Lease, isolation: number): HeldLease {
    const entry = this.entryOf(chunk);
    if (entry) this.limits.noteStarted(entry.job, lease.indexes.length);
    return this.enter(chunk, lease, isolation, null);
  }

  /** Whoever reports under a token has shown that the lease came to its worker. */
  prove(chunk: Chunk, fence: number): void {
    const lease = chunk.leaseOf(fence);
    if (lease) this.roster.prove(lease.workerId);
  }

  /** Whether another task of the job may be given to a worker now. */
  mayStart(entry: LedgerEntry): boolean {
    return !entry.isHeldBack && this.freeSlots(entry) > 0;
  }

  /** Tasks of the job that workers may hold beside those that they hold. */
  freeSlots(entry: LedgerEntry): number {
    return Math.min(this.parallelSlots(entry), this.limits.freeSlots(entry.job));
  }

  /** The same by its own max_parallel_tasks alone. */
  parallelSlots({ job }: LedgerEntry): number {
    return (job.max_parallel_tasks ?? Infinity) - this.leasedOf(job._id);
  }

  /** What one task of a chunk may use; null where nothing was said. To plan a job is no task of it. */
  needsOf(chunk: Chunk): ResourceLimits | null {
    return (!chunk.isPlan && this.entryOf(chunk)?.job.resource_limits) || null;
  }

  /** The jobs of which workers hold tasks under a concurrency key. */
  holdersOf(key: string): string[] {
    return [...this.leasedOfJob.keys()].filter((jobId) => {
      const entry = this.ledger.get(jobId);
      return entry !== undefined && concurrencyKeyOf(entry.job) === key;
    });
  }

  heldOf(chunk: Chunk): HeldTasks {
    return new Map(
      chunk.state.leases
        .filter(({ lost }) => !lost)
        .map(({ fence, workerId, indexes }) => [fence, { workerId, open: indexes.length }]),
    );
  }

  /** Notes what is held no longer of what was held before a change. */
  settle(chunk: Chunk, before: HeldTasks): void {
    this.note(chunk, before, chunk.state.leases);
  }

  /** Workers hold what the record says that they hold. */
  private takeOver(chunk: Chunk): void {
    const now = this.hearing.now;
    for (const lease of chunk.state.leases) if (!lease.lost) this.enter(chunk, lease, isolationOf(chunk, lease.indexes), now);
  }

  private enter(chunk: Chunk, lease: Lease, isolation: number, sentAt: number | null): HeldLease {
    const { jobId } = chunk.identity;
    const open = lease.indexes.length;
    const needs = this.needsOf(chunk);
    const { id: chunkId, priority } = chunk;
    const held: HeldLease = { chunkId, fence: lease.fence, open, isolation, priority, sentAt, ...(needs ? { needs } : {}) };
    this.roster.addLease(lease.workerId, held, this.hearing.now);
    if (jobId !== null) this.leasedOfJob.set(jobId, this.leasedOf(jobId) + open);
    const entry = this.entryOf(chunk);
    if (entry) this.limits.noteHeld(entry.job, open);
    return held;
  }

  private entryOf({ identity: { jobId } }: Chunk): LedgerEntry | undefined {
    return jobId === null ? undefined : this.ledger.get(jobId);
  }

  private note(chunk: Chunk, before: HeldTasks, leases: readonly Lease[]): void {
    let settled = 0;
    for (const [fence, { workerId, open }] of before) {
      const lease = leases.find((other) => other.fence === fence);
      const gone = open - (lease && !lease.lost ? lease.indexes.length : 0);
      if (gone > 0) this.roster.settle(workerId, chunk.id, fence, gone);
      settled += gone;
    }
    if (settled === 0) return;
    const entry = this.entryOf(chunk);
    const jobWithRoom = this.free(chunk.identity.jobId, settled);
    const keyWithRoom = entry ? this.limits.noteEnded(entry.job, settled) : null;
    for (const listener of this.listeners) listener(jobWithRoom, keyWithRoom);
  }

  /** Gives the job when it could run no more before. */
  private free(jobId: string | null, tasks: number): string | null {
    if (jobId === null) return null;
    const entry = this.ledger.get(jobId);
    const wasFull = entry !== undefined && this.parallelSlots(entry) <= 0;
    const leased = this.leasedOf(jobId) - tasks;
    if (leased > 0) this.leasedOfJob.set(jobId, leased);
    else this.leasedOfJob.delete(jobId);
    return wasFull ? jobId : null;
  }

  private leasedOf(jobId: string): number {
    return this.leasedOfJob.get(jobId) ?? 0;
  }
}
