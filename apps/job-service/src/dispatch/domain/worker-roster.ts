import type { Inventory, ResourceLimits } from '@kintsugi/contracts';
import { addTo, roomFor, unlimited, type Resources } from './resources.js';
import { displacedOn, isolationOn, noteHeld, type HeldLease, type WorkerEntry } from './worker-entry.js';

/** Silence after which a worker is asked whether it is still connected, and after which it is taken for lost. */
const suspectAfterMs = 750;
const lostAfterMs = 2_500;
/** Longer than between two beats: whoever is silent for so long may soon be one of these. */
const silentAfterMs = 600;
/** After the broker was away, a worker that has not been heard since gets so much longer: it has to come back first. */
const returnMs = 3_000;
/** Tasks that a worker may hold before it has shown that it gets them, and all such workers together. */
const probationTasks = 128;
const probationTasksOfAll = 1_024;

function keyOf(chunkId: string, fence: number): string {
  return `${chunkId}#${fence}`;
}

export interface RosterLimits {
  workers: number;
  /** Queues of all workers together. */
  queues: number;
}

/**
 * The workers that beat, what they can run and what they hold. Times are those of the hearing clock. Anybody on the broker
 * can introduce a worker: so their number is bounded, those that have never shown a lease of theirs go first, and they
 * get little until they do.
 */
export class WorkerRoster {
  private readonly workers = new Map<string, WorkerEntry>();
  /** The longest unheard first. */
  private readonly byHeard = new Set<WorkerEntry>();
  private readonly byQueue = new Map<string, Set<WorkerEntry>>();
  private queues = 0;
  private heldUnproven = 0;

  constructor(private readonly limits: RosterLimits = { workers: 2_000, queues: 10_000 }) {}

  get all(): Iterable<WorkerEntry> {
    return this.workers.values();
  }

  get(workerId: string): WorkerEntry | undefined {
    return this.workers.get(workerId);
  }

  beat(workerId: string, now: number): void {
    const worker = this.workers.get(workerId);
    if (worker) this.hear(worker, now);
  }

  /** Takes in what a worker says of itself. Gives whether it is new or offers something new, or null where there is no room for it. */
  introduce(inventory: Inventory, now: number): boolean | null {
    const known = this.workers.get(inventory.worker_id);
    const queues = new Set(inventory.queues);
    if (!this.makeRoom(known, queues.size)) return null;
    const capacity = capacityOf(inventory);
    const offersMore =
      known === undefined ||
      known.slots < inventory.slots ||
      known.capacity.memoryMib < capacity.memoryMib ||
      known.capacity.cpuCores < capacity.cpuCores ||
      [...queues].some((queue) => !known.queues.has(queue)) ||
      (known.draining && !inventory.draining);
    const entry = known ?? this.expect(inventory.worker_id, now);
    if (offersMore || queues.size !== entry.queues.size || entry.draining !== inventory.draining) {
      this.withdraw(entry);
      Object.assign(entry, { queues, draining: inventory.draining });
      this.offer(entry);
    }
    entry.slots = inventory.slots;
    entry.capacity = capacity;
    entry.shownAt = now;
    this.hear(entry, now);
    return offersMore;
  }

  /** The worker has shown that it got a lease of its own. */
  prove(workerId: string): void {
    const worker = this.workers.get(workerId);
    if (!worker || worker.proven) return;
    worker.proven = true;
    this.heldUnproven -= worker.held;
  }

  /** Makes room for a worker that is known to hold leases but has not been heard of yet. */
  expect(workerId: string, now: number): WorkerEntry {
    const known = this.workers.get(workerId);
    if (known) return known;
    const entry: WorkerEntry = {
      id: workerId,
      slots: 0,
      queues: new Set(),
      draining: false,
      proven: false,
      heardAt: now,
      shownAt: now,
      capacity: unlimited,
      used: { memoryMib: 0, cpuCores: 0 },
      held: 0,
      isolation: Infinity,
      heldOf: Array.from({ length: 10 }, () => 0),
      leases: new Map(),
    };
    this.workers.set(workerId, entry);
    this.byHeard.add(entry);
    return entry;
  }

  addLease(workerId: string, lease: HeldLease, now: number): void {
    const worker = this.expect(workerId, now);
    worker.leases.set(keyOf(lease.chunkId, lease.fence), lease);
    noteHeld(worker, lease, lease.open);
    if (lease.needs) addTo(worker.used, lease.needs, lease.open);
    if (!worker.proven) this.heldUnproven += lease.open;
    worker.isolation = Math.min(worker.isolation, lease.isolation);
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
    noteHeld(worker, lease, -settled);
    if (lease.needs) addTo(worker.used, lease.needs, -settled);
    if (!worker.proven) this.heldUnproven -= settled;
    if (lease.open > 0) return;
    worker.leases.delete(keyOf(chunkId, fence));
    if (lease.isolation === worker.isolation && lease.isolation !== Infinity) worker.isolation = isolationOn(worker);
  }

  /**
   * The worker that has the most room for tasks of the queue, if any has room; those that are `kept` have none.
   * @param priority of tasks that may be sent ahead: what is less urgent and was, takes no room from them
   */
  pick(
    queue: string,
    limitOf: (slots: number) => number,
    kept: ReadonlySet<WorkerEntry> = new Set(),
    needs: ResourceLimits | null = null,
    priority = 0,
  ): { worker: WorkerEntry; room: number } | null {
    let best: { worker: WorkerEntry; room: number } | null = null;
    for (const worker of this.offering(queue)) {
      if (worker.slots === 0 || kept.has(worker)) continue;
      const limit = limitOf(worker.slots);
      const slots =
        Math.min(limit + displacedOn(worker, limit, priority), worker.isolation, worker.held + this.trustIn(worker)) -
        worker.held;
      const room = needs ? Math.min(slots, roomFor(needs, worker.capacity, worker.used)) : slots;
      if (room > 0 && room > (best?.room ?? 0)) best = { worker, room };
    }
    return best;
  }

  /**
   * The worker to be kept free until suspects of the queue find room on it: the one that holds the least. None while
   * another has suspects, which will have room as they end.
   */
  workerToFree(queue: string): WorkerEntry | null {
    let emptiest: WorkerEntry | null = null;
    for (const worker of this.offering(queue)) {
      if (worker.isolation !== Infinity) return null;
      if (!emptiest || worker.held < emptiest.held) emptiest = worker;
    }
    return emptiest;
  }

  /** The worker that suspects of the queue must leave to all others: the last that holds none, where there are several. */
  lastWithoutSuspects(queue: string): WorkerEntry | null {
    const workers = [...this.offering(queue)];
    const without = workers.filter(({ isolation }) => isolation === Infinity);
    return workers.length > 1 && without.length === 1 ? (without[0] as WorkerEntry) : null;
  }

  /**
   * Whether nobody offers the queue. Not known, and false, while those that come back may not have been heard yet.
   * @param hearsSince when the broker was last reached again
   */
  isUnserved(queue: string, now: number, hearsSince: number): boolean {
    return now - hearsSince >= returnMs && !this.byQueue.has(queue);
  }

  /** Queues that somebody offers who is not draining, with those who do. */
  get offeredQueues(): ReadonlyMap<string, ReadonlySet<WorkerEntry>> {
    return this.byQueue;
  }

  /**
   * Workers whose silence asks for a question, and those whose silence is an answer.
   * @param hearsSince when the broker was last reached again
   */
  silent(now: number, hearsSince: number): { suspects: WorkerEntry[]; lost: WorkerEntry[] } {
    const suspects: WorkerEntry[] = [];
    const lost: WorkerEntry[] = [];
    for (const worker of this.byHeard) {
      if (now - worker.heardAt <= suspectAfterMs) break;
      const silentMs = worker.heardAt <= hearsSince ? now - hearsSince - returnMs : now - worker.heardAt;
      if (silentMs > lostAfterMs) lost.push(worker);
      else if (silentMs > suspectAfterMs) suspects.push(worker);
    }
    return { suspects, lost };
  }

  /** Whether a worker has missed a beat, and may have to be judged soon. */
  hasSilent(now: number): boolean {
    const [longestUnheard] = this.byHeard;
    return longestUnheard !== undefined && now - longestUnheard.heardAt > silentAfterMs;
  }

  remove(workerId: string): HeldLease[] {
    const worker = this.workers.get(workerId);
    if (!worker) return [];
    this.withdraw(worker);
    this.workers.delete(workerId);
    this.byHeard.delete(worker);
    if (!worker.proven) this.heldUnproven -= worker.held;
    return [...worker.leases.values()];
  }

  private hear(worker: WorkerEntry, now: number): void {
    worker.heardAt = now;
    this.byHeard.delete(worker);
    this.byHeard.add(worker);
  }

  private offering(queue: string): ReadonlySet<WorkerEntry> {
    return this.byQueue.get(queue) ?? nobody;
  }

  private offer(worker: WorkerEntry): void {
    this.queues += worker.queues.size;
    if (worker.draining) return;
    for (const queue of worker.queues) {
      const others = this.byQueue.get(queue);
      if (others) others.add(worker);
      else this.byQueue.set(queue, new Set([worker]));
    }
  }

  private withdraw(worker: WorkerEntry): void {
    this.queues -= worker.queues.size;
    for (const queue of worker.queues) {
      const others = this.byQueue.get(queue);
      others?.delete(worker);
      if (others?.size === 0) this.byQueue.delete(queue);
    }
  }

  /** More tasks that a worker may get as far as it is known. */
  private trustIn({ proven, held }: WorkerEntry): number {
    return proven ? Infinity : Math.min(probationTasks - held, probationTasksOfAll - this.heldUnproven);
  }

  /** Has the longest unheard of those that have shown nothing and hold nothing give way. False where that is not enough. */
  private makeRoom(known: WorkerEntry | undefined, queues: number): boolean {
    const isRoom = (): boolean =>
      (known !== undefined || this.workers.size < this.limits.workers) &&
      this.queues - (known?.queues.size ?? 0) + queues <= this.limits.queues;
    if (isRoom()) return true;
    for (const worker of this.byHeard) {
      if (worker === known || worker.proven || worker.leases.size > 0) continue;
      this.remove(worker.id);
      if (isRoom()) return true;
    }
    return false;
  }
}

function capacityOf({ capacity }: Inventory): Resources {
  return capacity ? { memoryMib: capacity.memory_mib, cpuCores: capacity.cpu_cores } : unlimited;
}

const nobody: ReadonlySet<WorkerEntry> = new Set();
