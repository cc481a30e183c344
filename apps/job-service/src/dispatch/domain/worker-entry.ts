import type { ResourceLimits } from '@kintsugi/contracts';
import type { Resources } from './resources.js';

export interface HeldLease {
  chunkId: string;
  fence: number;
  /** Tasks of it that are not settled. */
  open: number;
  /** Tasks that its worker may hold while it holds this. */
  isolation: number;
  /** As it was when it was given. */
  priority: number;
  /** What each of them may use; missing where nothing was said. */
  needs?: ResourceLimits;
  /** When the slice was last sent; null until the lease is safe, before which nothing of it may leave. */
  sentAt: number | null;
}

export interface WorkerEntry {
  id: string;
  slots: number;
  queues: ReadonlySet<string>;
  draining: boolean;
  /** It has shown that it got a lease of its own, which only who gets its messages can. */
  proven: boolean;
  /** When its last beat or inventory came. */
  heardAt: number;
  /** When it last said what it holds. */
  shownAt: number;
  /** What it has, and what the tasks that it holds may use of that. */
  capacity: Resources;
  used: Resources;
  /** Tasks that it holds, and how many the most suspected of them allows. */
  held: number;
  isolation: number;
  /** Of what it holds, the tasks of each priority. */
  heldOf: number[];
  leases: Map<string, HeldLease>;
}

/** Notes that a worker holds so many more tasks of a lease. */
export function noteHeld(worker: WorkerEntry, { priority }: HeldLease, tasks: number): void {
  worker.held += tasks;
  worker.heldOf[priority] = (worker.heldOf[priority] ?? 0) + tasks;
}

/**
 * Tasks that a worker holds beside its limit where others are more urgent. It holds more than it can run only of tasks that are over soon:
 * behind those of them that are less urgent, as many find room as if it held none of these.
 */
export function displacedOn({ slots, held, heldOf }: WorkerEntry, limit: number, priority: number): number {
  if (held <= slots || held < limit) return 0;
  const lessUrgent = heldOf.slice(0, priority).reduce((sum, tasks) => sum + tasks, 0);
  return Math.max(0, Math.min(limit, slots) - limit + lessUrgent);
}

/** How many tasks the most suspected of those that a worker holds allows. */
export function isolationOn(worker: WorkerEntry): number {
  let isolation = Infinity;
  for (const lease of worker.leases.values()) isolation = Math.min(isolation, lease.isolation);
  return isolation;
}
