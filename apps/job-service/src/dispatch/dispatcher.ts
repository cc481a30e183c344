import { Injectable } from '@nestjs/common';
import { soon } from '@kintsugi/boundary';
import { HearingClock } from '@kintsugi/messaging';
import { JobLedger } from '../jobs/job-ledger.js';
import { Clock } from '../platform/clock.js';
import { ChunkWriter, type Effect } from '../tasks/chunk-writer.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { traced, traceparentsOfJobs } from '../tasks/attempt-traces.js';
import { leaseTasks, type LeasedSlice } from '../tasks/domain/lease-tasks.js';
import { tasksOfIsolation } from '../tasks/domain/suspects.js';
import type { HeldLease, WorkerEntry } from './domain/worker-entry.js';
import { WorkerRoster } from './domain/worker-roster.js';
import { LeaseBook } from './lease-book.js';
import { WorkSender } from './nats/work-sender.js';
import { ReadyQueues } from './ready-queues.js';
import { ResourceRoom } from './resource-room.js';
import { TaskEngine } from './task-engine.js';

/** UTF-8 bytes of the tasks of one slice at most, unless it is a single one. */
const sliceBytes = 384 * 1024;
/** Slices leased in one go before other work of the process gets its turn. */
const slicesPerTurn = 64;

type OfferedQueues = WorkerRoster['offeredQueues'];

/** Tasks of a chunk that a worker gets next. */
interface Assignment {
  chunk: Chunk;
  /** How many tasks may share their worker, which tells them from others of the chunk. */
  isolation: number;
  worker: WorkerEntry;
  /** Tasks for which the worker has room. */
  room: number;
  /** Workers that offer the queue. */
  offers: number;
}

/**
 * Gives ready tasks to workers with room: the most urgent chunk of any offered queue first, in slices that fit the
 * queue's pace. A slice leaves once its lease is written.
 */
@Injectable()
export class Dispatcher {
  private scheduled = false;
  private stopped = false;

  constructor(
    private readonly engine: TaskEngine,
    private readonly queues: ReadyQueues,
    private readonly roster: WorkerRoster,
    private readonly book: LeaseBook,
    private readonly room: ResourceRoom,
    private readonly ledger: JobLedger,
    private readonly writer: ChunkWriter,
    private readonly sender: WorkSender,
    private readonly clock: Clock,
    private readonly hearing: HearingClock,
  ) {
    queues.onReady(() => this.wake());
    book.onRoom(() => this.wake());
  }

  /** Takes in a chunk that has just been made, and gives its tasks to whoever is free: both are one write. */
  admit(chunk: Chunk, effect: Effect): void {
    this.engine.enter(chunk);
    this.run();
    this.writer.save(chunk, effect, traceparentsOfJobs(chunk));
  }

  /** Something has changed that may let tasks run. */
  wake(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    soon('dispatcher', () => {
      this.scheduled = false;
      this.run();
    });
  }

  stop(): void {
    this.stopped = true;
  }

  /** Leases what can be leased now. */
  run(): void {
    if (this.stopped) return;
    for (let slices = 0; slices < slicesPerTurn; slices += 1) {
      if (!this.giveNext()) return;
    }
    this.wake();
  }

  /** Sends a slice to the worker that holds its lease. One that no message can carry fails. */
  send(workerId: string, chunk: Chunk, slice: LeasedSlice, held: HeldLease): void {
    if (held.needs) slice.header.resource_limits = held.needs;
    held.sentAt = this.hearing.now;
    if (!this.sender.send(workerId, traced(chunk, slice))) this.engine.failUndeliverable(chunk, held.fence);
  }

  private giveNext(): boolean {
    const offered = this.roster.offeredQueues;
    const kept = new Set<WorkerEntry>();
    const next = this.nextSuspects(offered, kept) ?? this.nextSqueezed(offered, kept) ?? this.nextInTurn(offered, kept);
    if (next) this.give(next);
    return next !== null;
  }

  /**
   * Suspects go before all others, so that what their neighbours suffer from them is over soon. Where no worker is empty
   * enough for them, one is kept from taking more. Of several workers, one is always left to the others.
   */
  private nextSuspects(offered: OfferedQueues, kept: Set<WorkerEntry>): Assignment | null {
    const { queues, roster } = this;
    for (const [name, offers] of offered) {
      const found = queues.firstSuspects(name);
      if (!found) continue;
      const { chunk, isolation } = found;
      const { pace } = queues.queue(name);
      const others = roster.lastWithoutSuspects(name);
      const limitOf = (slots: number): number => Math.min(isolation, pace.heldLimit(slots, chunk.identity.safety));
      const picked = roster.pick(name, limitOf, new Set(others ? [others] : []), this.book.needsOf(chunk));
      if (picked) return { chunk, isolation, offers: offers.size, ...picked };
      const worker = roster.workerToFree(name);
      if (worker) kept.add(worker);
    }
    return null;
  }

  /**
   * The job for which a worker is kept goes before all that came meanwhile: these cannot use that worker, so it would stay empty.
   * Until it has room, they have all other workers.
   */
  private nextSqueezed(offered: OfferedQueues, kept: Set<WorkerEntry>): Assignment | null {
    const cleared = this.room.kept((queue, jobId) => this.queues.firstOf(queue, jobId));
    if (!cleared) return null;
    const { queue } = cleared.chunk.identity;
    const next = this.assign(queue, cleared.chunk, offered.get(queue)?.size ?? 1, kept);
    kept.add(cleared.worker);
    return next;
  }

  /** The most urgent tasks, but now and then those that have been passed over for long: nothing starves. */
  private nextInTurn(offered: OfferedQueues, kept: ReadonlySet<WorkerEntry>): Assignment | null {
    const next = this.mostUrgent(offered, kept);
    if (!next || !this.queues.isTurnOfPassedOver) return next;
    return this.longestPassedOver(offered, kept, next.chunk.priority) ?? next;
  }

  private mostUrgent(offered: OfferedQueues, kept: ReadonlySet<WorkerEntry>): Assignment | null {
    const { queues } = this;
    let best: Assignment | null = null;
    for (const [name, offers] of offered) {
      const chunk = queues.first(name, (candidate) => this.hasWorkerFor(name, candidate, kept));
      if (!chunk || (best && !queues.goesBefore(chunk, best.chunk))) continue;
      best = this.assign(name, chunk, offers.size, kept) ?? best;
    }
    return best;
  }

  private longestPassedOver(offered: OfferedQueues, kept: ReadonlySet<WorkerEntry>, priority: number): Assignment | null {
    let best: Assignment | null = null;
    let longest = 0;
    for (const [name, offers] of offered) {
      const found = this.queues.passedOver(name, priority, (chunk) => this.hasWorkerFor(name, chunk, kept));
      if (!found || found.slices <= longest) continue;
      const assignment = this.assign(name, found.chunk, offers.size, kept);
      if (assignment) [best, longest] = [assignment, found.slices];
    }
    return best;
  }

  private assign(name: string, chunk: Chunk, offers: number, kept: ReadonlySet<WorkerEntry>): Assignment | null {
    const picked = this.pick(name, chunk, kept);
    return picked && { chunk, isolation: Infinity, offers, ...picked };
  }

  /**
   * Whether some worker can take tasks of a chunk. It is asked of those with limits alone: the worker with room for them may have no
   * slot while others have. All others of a queue can use each of its slots.
   */
  private hasWorkerFor(name: string, chunk: Chunk, kept: ReadonlySet<WorkerEntry>): boolean {
    if (this.book.needsOf(chunk) === null || this.pick(name, chunk, kept)) return true;
    // What is not sent ahead waits for a free slot, which others that are sent ahead would never leave it.
    if (chunk.identity.safety === 'unsafe' || this.isPaced(chunk)) this.room.noteWaiting(chunk);
    return false;
  }

  private pick(name: string, chunk: Chunk, kept: ReadonlySet<WorkerEntry>): { worker: WorkerEntry; room: number } | null {
    const { pace } = this.queues.queue(name);
    const isPaced = this.isPaced(chunk);
    const limitOf = (slots: number): number => (isPaced ? slots : pace.heldLimit(slots, chunk.identity.safety));
    const isSentAhead = !isPaced && chunk.identity.safety !== 'unsafe';
    return this.roster.pick(name, limitOf, kept, this.book.needsOf(chunk), isSentAhead ? chunk.priority : 0);
  }

  /** Whether its tasks begin at a rate: what is sent ahead would begin when its worker has a slot. */
  private isPaced({ identity: { jobId } }: Chunk): boolean {
    return jobId !== null && this.ledger.get(jobId)?.job.rate_limit !== undefined;
  }

  private give({ chunk, isolation, worker, room, offers }: Assignment): void {
    const { queues, book, ledger, writer, clock } = this;
    const { jobId, queue, safety } = chunk.identity;
    const entry = jobId === null ? undefined : ledger.get(jobId);
    // A chunk that all workers could share is shared; with more behind it, it need not be.
    const share = queues.queue(queue).window.size > 1 ? Infinity : Math.ceil(chunk.count('ready') / offers);
    const most = Math.min(queues.queue(queue).pace.sliceSize(safety), room, share, entry ? book.freeSlots(entry) : Infinity);
    const slice = leaseTasks(
      chunk,
      chunk.readyIndexes(most, sliceBytes, tasksOfIsolation(chunk, isolation)),
      worker.id,
      clock.now(),
    );
    if (isolation === Infinity) queues.noteGiven(chunk, slice.lease.indexes.length);
    if (chunk.count('ready') === 0) queues.remove(chunk);
    else queues.placeAnew(chunk);
    const held = book.give(chunk, slice.lease, isolation);
    writer.save(chunk, (voided) => {
      // Its worker may have been lost before the lease was written.
      const lease = chunk.leaseOf(held.fence);
      if (voided || !lease || lease.lost) return;
      this.send(worker.id, chunk, slice, held);
    });
  }
}
