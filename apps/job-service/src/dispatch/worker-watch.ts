import { Inject, Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import { TASK_TIMEOUT, subjects, type Inventory } from '@kintsugi/contracts';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import { Bus, HearingClock } from '@kintsugi/messaging';
import { Metrics, type Logger } from '@kintsugi/observability';
import type { JobServiceSettings } from '../job-service.config.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { Clock } from '../platform/clock.js';
import { Leader } from '../platform/leader.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { sliceOf } from '../tasks/domain/lease-tasks.js';
import { EndingAttempts } from '../tasks/attempt-traces.js';
import { WORKER_LOST, loseLease } from '../tasks/domain/lose-lease.js';
import { startTasks } from '../tasks/domain/recovery-moves.js';
import { failOverdue, overdueOf } from '../tasks/domain/fail-overdue.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import type { HeldLease, WorkerEntry } from './domain/worker-entry.js';
import { WorkerRoster } from './domain/worker-roster.js';
import { Dispatcher } from './dispatcher.js';
import { WorkSender } from './nats/work-sender.js';
import { ReadyQueues } from './ready-queues.js';
import { TaskEngine } from './task-engine.js';

/** A slice that the worker does not know of for this long after it was sent did not arrive. */
const undeliveredAfterMs = 1_500;
/** Between two roll calls: everybody answers one. */
const rollEveryMs = 1_000;
/** Questions to the broker under way at once, about workers that are silent and about workers that are new. */
const questionsMax = 128;

/**
 * Notices lost workers and lost messages. A worker that is silent for a moment is looked up at the broker, which
 * knows at once when its connection is gone; one that is silent for longer is lost in any case. What it held runs
 * elsewhere under new tokens. Time is that of the hearing clock: while we cannot hear, nobody is silent.
 */
@Injectable()
export class WorkerWatch {
  private readonly asked = new Set<string>();
  /** The newest inventory of each worker that is being looked up before it is taken in. */
  private readonly newcomers = new Map<string, Inventory>();
  private rolledAt = -Infinity;

  constructor(
    private readonly bus: Bus,
    private readonly hearing: HearingClock,
    private readonly roster: WorkerRoster,
    private readonly live: LiveChunks,
    private readonly ledger: JobLedger,
    private readonly queues: ReadyQueues,
    private readonly engine: TaskEngine,
    private readonly dispatcher: Dispatcher,
    private readonly sender: WorkSender,
    private readonly leader: Leader,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'LEASE_LOSSES_MAX' | 'TIMEOUT_GRACE_MS'>,
  ) {}

  start(): void {
    this.hearing.onHeard(
      () => this.look(),
      () => this.roster.hasSilent(this.hearing.now),
    );
  }

  beat(workerId: string): void {
    const { roster, hearing } = this;
    roster.beat(workerId, hearing.now);
    const worker = roster.get(workerId);
    // It may have been taken for lost.
    if (!worker || this.mayMissSome(worker)) this.callRoll();
  }

  /** One that holds nothing says so seldom, also where what was sent to it was lost. */
  private mayMissSome({ leases, shownAt }: WorkerEntry): boolean {
    const before = this.hearing.now - undeliveredAfterMs;
    if (shownAt >= before) return false;
    for (const { sentAt } of leases.values()) if (sentAt !== null && sentAt < before) return true;
    return false;
  }

  private callRoll(): void {
    const { bus, hearing } = this;
    if (hearing.now - this.rolledAt < rollEveryMs || bus.state !== 'up') return;
    this.rolledAt = hearing.now;
    bus.publish(subjects.rollCall, '');
  }

  /** Takes in what a worker says of itself; one that is new only when it answers under its name. */
  async takeInventory(inventory: Inventory): Promise<void> {
    const { worker_id: id } = inventory;
    if (this.roster.get(id)) return this.takeIn(inventory);
    const isAsked = this.newcomers.has(id);
    if (!isAsked && this.newcomers.size >= questionsMax) return this.refuse('too_many_at_once');
    this.newcomers.set(id, inventory);
    if (isAsked) return;
    const answers = await this.sender.answers(id);
    const newest = this.newcomers.get(id) ?? inventory;
    this.newcomers.delete(id);
    if (answers) this.takeIn(newest);
    else this.refuse('no_answer');
  }

  private takeIn(inventory: Inventory): void {
    const { roster, queues, dispatcher, hearing } = this;
    const { worker_id: id } = inventory;
    const offersMore = roster.introduce(inventory, hearing.now);
    if (offersMore === null) return this.refuse('no_room');
    inBackground('worker-watch.inventory', () => this.putRight(inventory));
    const shown = inventory.held.some(([chunkId, fence]) => roster.leaseOf(id, chunkId, fence) !== undefined);
    if (shown) roster.prove(id);
    this.noteRunning(inventory);
    if (offersMore) for (const queue of inventory.queues) queues.invalidate(queue);
    if (offersMore || shown) dispatcher.wake();
  }

  private refuse(reason: 'no_answer' | 'too_many_at_once' | 'no_room'): void {
    this.metrics.count('kintsugi_worker_introductions_refused_total', { reason });
  }

  /**
   * Puts right what the worker does not know or should not have, once it is sure that this replica leads: one that was stopped
   * and goes on knows neither what its successor has given to workers nor what they have ended since, and would have tasks run
   * twice.
   */
  private async putRight({ worker_id: workerId, held }: Inventory): Promise<void> {
    const { engine, sender, leader } = this;
    await leader.assertLeading();
    this.sendAgain(workerId, new Set(held.map(([chunkId, fence]) => `${chunkId}#${fence}`)));
    const strangers = held.filter(([chunkId, fence]) => engine.hasPassedOn(workerId, chunkId, fence));
    if (strangers.length > 0) sender.control(workerId, { kind: 'revoke', leases: strangers });
  }

  private sendAgain(workerId: string, held: ReadonlySet<string>): void {
    const { roster, live, dispatcher, hearing } = this;
    for (const lease of roster.get(workerId)?.leases.values() ?? []) {
      if (lease.sentAt === null || held.has(`${lease.chunkId}#${lease.fence}`)) continue;
      if (hearing.now - lease.sentAt < undeliveredAfterMs) continue;
      const chunk = live.get(lease.chunkId);
      const known = chunk?.leaseOf(lease.fence);
      if (chunk && known) dispatcher.send(workerId, chunk, sliceOf(chunk, known), lease);
    }
  }

  private noteRunning(inventory: Inventory): void {
    const { live, engine, clock } = this;
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
            clock.now(),
          ),
        );
      }
      if (chunk.identity.timeoutS !== undefined) this.holdToTime(chunk, fence);
      for (const [index, , , phase] of starts) if (phase !== undefined) this.notePhase(chunk, index, phase);
    }
  }

  private notePhase(chunk: Chunk, index: number, phase: string): void {
    const { jobId } = chunk.identity;
    if (chunk.phases.get(index) === phase) return;
    chunk.phases.set(index, phase);
    if (jobId !== null) this.ledger.get(jobId)?.notePhase(phase);
  }

  /** A worker stops what has run too long; where a handler does not let go, the run is over without it. */
  private holdToTime(chunk: Chunk, fence: number): void {
    const { engine, clock, settings } = this;
    const now = clock.now();
    const overdue = overdueOf(chunk, fence, now - settings.TIMEOUT_GRACE_MS);
    if (overdue.length === 0) return;
    const attempts = EndingAttempts.of(chunk, fence);
    attempts?.noteFailure(overdue, TASK_TIMEOUT);
    engine.change(
      chunk,
      () => failOverdue(chunk, fence, overdue, now),
      (hasChanged, voided) => {
        if (hasChanged && !voided) attempts?.record(clock.now());
      },
    );
  }

  private look(): void {
    const { roster, hearing } = this;
    const { suspects, lost } = roster.silent(hearing.now, hearing.hearsSince);
    for (const worker of lost) this.lose(worker);
    for (const worker of suspects) inBackground('worker-watch.ask', () => this.ask(worker));
  }

  private async ask(worker: WorkerEntry): Promise<void> {
    if (this.asked.has(worker.id) || this.asked.size >= questionsMax) return;
    this.asked.add(worker.id);
    const { bus, sender, roster } = this;
    const { heardAt } = worker;
    const connected = await sender.isConnected(worker.id).finally(() => this.asked.delete(worker.id));
    const isSilent = worker.heardAt === heardAt && roster.get(worker.id) === worker;
    if (!connected && isSilent && bus.state === 'up') this.lose(worker);
  }

  private lose(worker: WorkerEntry): void {
    const { roster, metrics, logger } = this;
    const alone = worker.held === 1;
    const leases = roster.remove(worker.id);
    if (leases.length === 0 && worker.draining) return;
    logger.warn(
      { worker_id: worker.id, leases: leases.length, tasks: worker.held },
      'A worker was lost; its tasks run elsewhere',
    );
    metrics.count('kintsugi_workers_lost_total');
    for (const lease of leases) this.passOn(worker.id, lease, alone);
  }

  private passOn(workerId: string, { chunkId, fence }: HeldLease, alone: boolean): void {
    const { live, engine, sender, settings, clock } = this;
    const chunk = live.get(chunkId);
    if (!chunk) return;
    const attempts = EndingAttempts.of(chunk, fence);
    attempts?.noteFailure(chunk.leaseOf(fence)?.indexes ?? [], WORKER_LOST);
    engine.change(
      chunk,
      () => loseLease(chunk, fence, { alone, lossesMax: settings.LEASE_LOSSES_MAX, now: clock.now() }),
      // It may be alive after all: then it has to stop what it no longer holds, and go on where the loss is void.
      (_, voided) => {
        if (voided) return;
        sender.control(workerId, { kind: 'revoke', leases: [[chunkId, fence]] });
        attempts?.record(clock.now());
      },
    );
  }
}
