import { every, inBackground } from '@kintsugi/boundary';
import type { Inventory } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
import type { Logger, Metrics } from '@kintsugi/observability';
import { sliceOf } from '../tasks/domain/lease-tasks.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { startTasks } from '../tasks/domain/recovery-moves.js';
import type { LiveChunks } from '../tasks/live-chunks.js';
import type { Dispatcher } from './dispatcher.js';
import type { HeldLease, WorkerEntry, WorkerRoster } from './domain/worker-roster.js';
import type { WorkSender } from './nats/work-sender.js';
import type { ReadyLanes } from './ready-lanes.js';
import type { TaskEngine } from './task-engine.js';

const lookEveryMs = 250;
/** After our own connection was down, workers get this long to be heard again. */
const graceMs = 3_000;
/** A slice that the worker does not know of for this long after it was sent did not arrive. */
const undeliveredAfterMs = 1_500;

export interface WorkerWatchParts {
  bus: Bus;
  roster: WorkerRoster;
  live: LiveChunks;
  lanes: ReadyLanes;
  engine: TaskEngine;
  dispatcher: Dispatcher;
  sender: WorkSender;
  metrics: Metrics;
  logger: Logger;
  lossesMax: number;
  now: () => number;
  monotonic: () => number;
}

/**
 * Notices lost workers and lost messages. A worker that is silent for a moment is looked up at the broker, which
 * knows at once when its connection is gone; one that is silent for longer is lost in any case. What it held runs
 * elsewhere under new tokens.
 */
export class WorkerWatch {
  private timer: NodeJS.Timeout | null = null;
  private readonly asked = new Set<string>();

  constructor(private readonly parts: WorkerWatchParts) {}

  start(): void {
    const { bus, roster, monotonic } = this.parts;
    roster.deafUntil(monotonic() + graceMs);
    bus.onState(() => roster.deafUntil(monotonic() + graceMs));
    this.timer = every('worker-watch', lookEveryMs, () => this.look());
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  beat(workerId: string): void {
    const { roster, monotonic } = this.parts;
    roster.beat(workerId, monotonic());
  }

  /** Takes in what a worker says of itself, and puts right what it does not know or should not have. */
  takeInventory(inventory: Inventory): void {
    const { roster, lanes, dispatcher, monotonic, sender } = this.parts;
    const offersMore = roster.introduce(inventory, monotonic());
    const held = new Set(inventory.held.map(([chunkId, fence]) => `${chunkId}#${fence}`));
    this.sendAgain(inventory.worker_id, held);
    const strangers = inventory.held.filter(([chunkId, fence]) => !this.isCurrent(inventory.worker_id, chunkId, fence));
    if (strangers.length > 0) sender.control(inventory.worker_id, { kind: 'revoke', leases: strangers });
    this.noteRunning(inventory);
    if (offersMore) for (const lane of inventory.lanes) lanes.distrust(lane);
    if (offersMore) dispatcher.wake();
  }

  private isCurrent(workerId: string, chunkId: string, fence: number): boolean {
    return this.parts.roster.leaseOf(workerId, chunkId, fence) !== undefined;
  }

  private sendAgain(workerId: string, held: ReadonlySet<string>): void {
    const { roster, live, sender, engine, monotonic } = this.parts;
    for (const lease of roster.get(workerId)?.leases.values() ?? []) {
      if (lease.sentAt === null || held.has(`${lease.chunkId}#${lease.fence}`)) continue;
      if (monotonic() - lease.sentAt < undeliveredAfterMs) continue;
      const chunk = live.get(lease.chunkId);
      const standing = chunk?.leaseOf(lease.fence);
      if (!chunk || !standing) continue;
      lease.sentAt = monotonic();
      if (!sender.send(workerId, sliceOf(chunk, standing))) engine.failUndeliverable(chunk, lease.fence);
    }
  }

  private noteRunning(inventory: Inventory): void {
    const { live, engine } = this.parts;
    for (const [chunkId, fence, starts] of inventory.running) {
      const chunk = live.get(chunkId);
      if (!chunk) continue;
      const isNews = starts.some(([index]) => chunk.stateOf(index) === 'leased');
      if (isNews) {
        engine.change(chunk, () =>
          startTasks(
            chunk,
            fence,
            starts.map(([index, startedAt]) => [index, startedAt]),
          ),
        );
      }
      for (const [index, , progress] of starts) if (progress !== null) chunk.progress.set(index, progress);
    }
  }

  private look(): void {
    const { bus, roster, monotonic } = this.parts;
    if (bus.state === 'down') return;
    const { suspects, lost } = roster.silent(monotonic());
    for (const worker of lost) this.lose(worker);
    for (const worker of suspects) inBackground('worker-watch.ask', () => this.ask(worker));
  }

  private async ask(worker: WorkerEntry): Promise<void> {
    if (this.asked.has(worker.id)) return;
    this.asked.add(worker.id);
    const { bus, sender, roster } = this.parts;
    const connected = await sender.isConnected(worker.id).finally(() => this.asked.delete(worker.id));
    if (!connected && bus.state === 'up' && roster.get(worker.id) === worker) this.lose(worker);
  }

  private lose(worker: WorkerEntry): void {
    const { roster, metrics, logger, sender } = this.parts;
    const alone = worker.held === 1;
    const leases = roster.remove(worker.id);
    if (leases.length === 0 && worker.draining) return;
    logger.warn(
      { worker_id: worker.id, leases: leases.length, tasks: worker.held },
      'A worker was lost; its tasks run elsewhere',
    );
    metrics.count('kintsugi_workers_lost_total');
    // It may be alive after all: then it has to stop what it no longer holds.
    sender.control(worker.id, { kind: 'revoke', leases: leases.map(({ chunkId, fence }) => [chunkId, fence]) });
    for (const lease of leases) this.passOn(lease, alone);
  }

  private passOn(lease: HeldLease, alone: boolean): void {
    const { live, engine, lossesMax, now } = this.parts;
    const chunk = live.get(lease.chunkId);
    if (!chunk) return;
    engine.change(chunk, () => loseLease(chunk, lease.fence, { alone, lossesMax, now: now() }));
  }
}
