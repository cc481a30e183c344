import { soon } from '@kintsugi/boundary';
import type { JobLedger } from '../jobs/job-ledger.js';
import type { ChunkWriter } from '../tasks/chunk-writer.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { tasksOfCompany } from '../tasks/domain/suspects.js';
import type { HeldLease, WorkerEntry, WorkerRoster } from './domain/worker-roster.js';
import type { WorkSender } from './nats/work-sender.js';
import type { ReadyLanes } from './ready-lanes.js';

/** UTF-8 bytes of the tasks of one slice at most, unless it is a single one. */
const sliceBytes = 384 * 1024;
/** Slices leased in one go before other work of the process gets its turn. */
const slicesPerTurn = 64;

export interface DispatcherParts {
  lanes: ReadyLanes;
  roster: WorkerRoster;
  ledger: JobLedger;
  writer: Pick<ChunkWriter, 'save'>;
  sender: Pick<WorkSender, 'send'>;
  /** A slice that is safe turned out to be more than a message can carry. */
  onUndeliverable: (chunk: Chunk, fence: number) => void;
  /** Epoch milliseconds, and those of the hearing clock. */
  now: () => number;
  heard: () => number;
}

type OfferedLanes = WorkerRoster['offeredLanes'];

/** Tasks of a chunk that a worker gets next. */
interface Assignment {
  chunk: Chunk;
  /** The company that the tasks may run in, which tells them from others of the chunk. */
  company: number;
  worker: WorkerEntry;
  /** Tasks for which the worker has room. */
  room: number;
  /** Workers that offer the lane. */
  offers: number;
}

/**
 * Gives ready tasks to workers with room: the most urgent chunk of any offered lane first, in slices that fit the
 * lane's pace. A slice leaves once its lease is written.
 */
export class Dispatcher {
  private scheduled = false;
  private stopped = false;

  constructor(private readonly parts: DispatcherParts) {}

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

  private giveNext(): boolean {
    const offered = this.parts.roster.offeredLanes;
    const kept = new Set<WorkerEntry>();
    const next = this.nextSuspects(offered, kept) ?? this.mostUrgent(offered, kept);
    if (next) this.give(next);
    return next !== null;
  }

  /**
   * Suspects go before all others, so that what their neighbours suffer from them is over soon. Where no worker is empty
   * enough for them, one is kept from taking more. Of several workers, one is always left to the others.
   */
  private nextSuspects(offered: OfferedLanes, kept: Set<WorkerEntry>): Assignment | null {
    const { lanes, roster } = this.parts;
    for (const [name, offers] of offered) {
      const found = lanes.firstSuspects(name);
      if (!found) continue;
      const { chunk, company } = found;
      const { pace } = lanes.lane(name);
      const others = roster.lastWithoutSuspects(name);
      const limitOf = (slots: number): number => Math.min(company, pace.heldLimit(slots, chunk.identity.safety));
      const picked = roster.pick(name, limitOf, new Set(others ? [others] : []));
      if (picked) return { chunk, company, offers: offers.size, ...picked };
      const worker = roster.workerToFree(name);
      if (worker) kept.add(worker);
    }
    return null;
  }

  private mostUrgent(offered: OfferedLanes, kept: ReadonlySet<WorkerEntry>): Assignment | null {
    const { lanes, roster } = this.parts;
    let best: Assignment | null = null;
    for (const [name, offers] of offered) {
      const chunk = lanes.first(name);
      if (!chunk || (best && !isMoreUrgent(chunk, best.chunk))) continue;
      const { pace } = lanes.lane(name);
      const picked = roster.pick(name, (slots) => pace.heldLimit(slots, chunk.identity.safety), kept);
      if (picked) best = { chunk, company: Infinity, offers: offers.size, ...picked };
    }
    return best;
  }

  private give({ chunk, company, worker, room, offers }: Assignment): void {
    const { lanes, roster, ledger, writer, sender, onUndeliverable, heard } = this.parts;
    const { jobId, lane, safety } = chunk.identity;
    const entry = jobId === null ? undefined : ledger.get(jobId);
    // A chunk that all workers could share is shared; with more behind it, it need not be.
    const share = lanes.lane(lane).window.size > 1 ? Infinity : Math.ceil(chunk.count('ready') / offers);
    const most = Math.min(lanes.lane(lane).pace.sliceSize(safety), room, share, entry?.freeSlots ?? Infinity);
    const slice = leaseTasks(
      chunk,
      chunk.readyIndexes(most, sliceBytes, tasksOfCompany(chunk, company)),
      worker.id,
      this.parts.now(),
    );
    const size = slice.lease.indexes.length;
    if (entry) entry.leased += size;
    if (chunk.count('ready') === 0) lanes.remove(chunk);
    const held: HeldLease = { chunkId: chunk.id, fence: slice.lease.fence, open: size, company, sentAt: null };
    roster.addLease(worker.id, held, heard());
    writer.save(chunk, (voided) => {
      // Its worker may have been lost before the lease was written.
      const standing = chunk.leaseOf(held.fence);
      if (voided || !standing || standing.lost) return;
      held.sentAt = heard();
      if (!sender.send(worker.id, slice)) onUndeliverable(chunk, held.fence);
    });
  }
}

function isMoreUrgent(one: Chunk, other: Chunk): boolean {
  const { priority } = one.identity;
  return priority > other.identity.priority || (priority === other.identity.priority && one.id < other.id);
}
