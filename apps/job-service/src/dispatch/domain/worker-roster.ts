import type { Inventory } from '@kintsugi/contracts';

/** Silence after which a worker is asked whether it is still connected, and after which it is taken for lost. */
const suspectAfterMs = 750;
const lostAfterMs = 2_500;

export interface HeldLease {
  chunkId: string;
  fence: number;
  /** Tasks of it that are not settled. */
  open: number;
  /** Tasks that its worker may hold while it holds this. */
  company: number;
  /** When the slice was last sent; null until the lease is safe, before which nothing of it may leave. */
  sentAt: number | null;
}

export interface WorkerEntry {
  id: string;
  slots: number;
  lanes: ReadonlySet<string>;
  draining: boolean;
  /** Monotonic milliseconds of the last beat or inventory. */
  heardAt: number;
  /** Tasks that it holds, and how many the most suspected of them allows. */
  held: number;
  company: number;
  leases: Map<string, HeldLease>;
}

function keyOf(chunkId: string, fence: number): string {
  return `${chunkId}#${fence}`;
}

/**
 * The workers that beat, what they can run and what they hold. Times are monotonic; silence does not count while our
 * own connection is down, because then everybody is silent.
 */
export class WorkerRoster {
  private readonly workers = new Map<string, WorkerEntry>();
  private blindUntil = 0;

  get all(): Iterable<WorkerEntry> {
    return this.workers.values();
  }

  get(workerId: string): WorkerEntry | undefined {
    return this.workers.get(workerId);
  }

  /** We could not hear for a while: silence counts anew from `until` on. */
  deafUntil(until: number): void {
    this.blindUntil = Math.max(this.blindUntil, until);
  }

  beat(workerId: string, now: number): void {
    const worker = this.workers.get(workerId);
    if (worker) worker.heardAt = now;
  }

  /** Takes in what a worker says of itself. Gives whether it is new or offers something new. */
  introduce(inventory: Inventory, now: number): boolean {
    const known = this.workers.get(inventory.worker_id);
    const lanes = new Set(inventory.lanes);
    const offersMore =
      known === undefined ||
      known.slots < inventory.slots ||
      [...lanes].some((lane) => !known.lanes.has(lane)) ||
      (known.draining && !inventory.draining);
    const entry = known ?? this.expect(inventory.worker_id, now);
    Object.assign(entry, { slots: inventory.slots, lanes, draining: inventory.draining, heardAt: now });
    return offersMore;
  }

  /** Makes room for a worker that is known to hold leases but has not been heard of yet. */
  expect(workerId: string, now: number): WorkerEntry {
    const known = this.workers.get(workerId);
    if (known) return known;
    const entry: WorkerEntry = {
      id: workerId,
      slots: 0,
      lanes: new Set(),
      draining: false,
      heardAt: now,
      held: 0,
      company: Infinity,
      leases: new Map(),
    };
    this.workers.set(workerId, entry);
    return entry;
  }

  addLease(workerId: string, lease: HeldLease, now: number): void {
    const worker = this.expect(workerId, now);
    worker.leases.set(keyOf(lease.chunkId, lease.fence), lease);
    worker.held += lease.open;
    worker.company = Math.min(worker.company, lease.company);
  }

  leaseOf(workerId: string, chunkId: string, fence: number): HeldLease | undefined {
    return this.workers.get(workerId)?.leases.get(keyOf(chunkId, fence));
  }

  /** Notes that tasks of a lease are settled; the lease is gone when none is open. */
  settle(workerId: string, chunkId: string, fence: number, tasks: number): void {
    const worker = this.workers.get(workerId);
    const lease = worker?.leases.get(keyOf(chunkId, fence));
    if (!worker || !lease) return;
    const settled = Math.min(tasks, lease.open);
    lease.open -= settled;
    worker.held -= settled;
    if (lease.open > 0) return;
    worker.leases.delete(keyOf(chunkId, fence));
    if (lease.company === worker.company && lease.company !== Infinity) worker.company = companyOn(worker);
  }

  /** The worker that has the most room for tasks of the lane, if any has room; those that are `kept` have none. */
  pick(
    lane: string,
    limitOf: (slots: number) => number,
    kept: ReadonlySet<WorkerEntry> = new Set(),
  ): { worker: WorkerEntry; room: number } | null {
    let best: { worker: WorkerEntry; room: number } | null = null;
    for (const worker of this.workers.values()) {
      if (worker.draining || !worker.lanes.has(lane) || kept.has(worker)) continue;
      const room = Math.min(limitOf(worker.slots), worker.company) - worker.held;
      if (room > 0 && room > (best?.room ?? 0)) best = { worker, room };
    }
    return best;
  }

  /**
   * The worker to be kept free until suspects of the lane find room on it: the one that holds the least. None while
   * another has suspects, which will have room as they end.
   */
  workerToFree(lane: string): WorkerEntry | null {
    let emptiest: WorkerEntry | null = null;
    for (const worker of this.workers.values()) {
      if (worker.draining || !worker.lanes.has(lane)) continue;
      if (worker.company !== Infinity) return null;
      if (!emptiest || worker.held < emptiest.held) emptiest = worker;
    }
    return emptiest;
  }

  /** The worker that suspects of the lane must leave to all others: the last that holds none, where there are several. */
  lastWithoutSuspects(lane: string): WorkerEntry | null {
    let workers = 0;
    const without: WorkerEntry[] = [];
    for (const worker of this.workers.values()) {
      if (worker.draining || !worker.lanes.has(lane)) continue;
      workers += 1;
      if (worker.company === Infinity) without.push(worker);
    }
    return workers > 1 && without.length === 1 ? (without[0] as WorkerEntry) : null;
  }

  /** Lanes that somebody offers, with how many workers do. */
  offeredLanes(): Map<string, number> {
    const lanes = new Map<string, number>();
    for (const worker of this.workers.values()) {
      if (worker.draining) continue;
      for (const lane of worker.lanes) lanes.set(lane, (lanes.get(lane) ?? 0) + 1);
    }
    return lanes;
  }

  /** Workers whose silence asks for a question, and those whose silence is an answer. */
  silent(now: number): { suspects: WorkerEntry[]; lost: WorkerEntry[] } {
    const suspects: WorkerEntry[] = [];
    const lost: WorkerEntry[] = [];
    for (const worker of this.workers.values()) {
      const silentSince = Math.max(worker.heardAt, this.blindUntil);
      if (now - silentSince > lostAfterMs) lost.push(worker);
      else if (now - silentSince > suspectAfterMs) suspects.push(worker);
    }
    return { suspects, lost };
  }

  remove(workerId: string): HeldLease[] {
    const worker = this.workers.get(workerId);
    this.workers.delete(workerId);
    return worker ? [...worker.leases.values()] : [];
  }
}

function companyOn(worker: WorkerEntry): number {
  let company = Infinity;
  for (const lease of worker.leases.values()) company = Math.min(company, lease.company);
  return company;
}
