import { every } from '@kintsugi/boundary';
import { typeOfLane, type TaskState } from '@kintsugi/contracts';
import type { Metrics } from '@kintsugi/observability';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import type { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import type { ReadyLanes } from '../dispatch/ready-lanes.js';
import { takeOverLeases } from '../dispatch/take-over-leases.js';
import type { TaskEngine } from '../dispatch/task-engine.js';
import type { ChunkedIntake } from '../intake/commands/chunked-intake.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import type { JobStore } from '../jobs/mongo/job-store.js';
import type { OutboxRelay } from '../outbox/outbox-relay.js';
import type { ChunkStore } from '../tasks/mongo/chunk-store.js';

const batchMax = 500;
/** What waits for a person waits long: it is told again when this replica begins to lead, and then so often. */
const tellWaitingEveryMs = 3_600_000;

export interface ReconcilerParts {
  store: ChunkStore;
  jobs: JobStore;
  engine: TaskEngine;
  ledger: JobLedger;
  chunked: Pick<ChunkedIntake, 'open'>;
  lanes: ReadyLanes;
  roster: WorkerRoster;
  dispatcher: Dispatcher;
  relay: OutboxRelay;
  metrics: Metrics;
  /** Milliseconds between two rounds, and after which something counts as forgotten. */
  everyMs: number;
  forgottenAfterMs: number;
  now: () => number;
  onFault: (error: unknown) => void;
}

/**
 * Holds the record against what should have followed from it, and makes up for what did not: events that were
 * promised and not published, failures that nobody decided about, ready chunks that no window knows, leases and
 * ends of tasks that a former leader wrote at the last moment, accepted jobs whose chunks were not made real. With it, losing
 * every file of the broker loses nothing.
 */
export class Reconciler {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private readonly toldAgain = new Map<string, number>();
  private waitingToldAt = -Infinity;

  constructor(private readonly parts: ReconcilerParts) {}

  start(): void {
    this.timer = every('reconciler', this.parts.everyMs, () => {
      this.running ??= this.round()
        .catch(this.parts.onFault)
        .finally(() => {
          this.running = null;
        });
    });
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  async round(): Promise<void> {
    const { lanes, roster, dispatcher, now, forgottenAfterMs } = this.parts;
    lanes.forget((name) => roster.offeredLanes.has(name));
    lanes.distrust();
    dispatcher.wake();
    await takeOverLeases(this.parts);
    await this.recountJobs();
    await this.publishPromised(now() - forgottenAfterMs);
    await this.tellUndecided(now() - forgottenAfterMs);
    await this.tellWaiting();
    await this.showQueues();
    await this.openForgotten(now() - forgottenAfterMs);
  }

  private async recountJobs(): Promise<void> {
    const off = await this.parts.ledger.recountIdle();
    if (off > 0) this.parts.metrics.count('kintsugi_reconcile_repairs_total', { kind: 'job_recounted' }, off);
  }

  /** Publishes what documents promised before `before`; the relay passes over what it has under way. */
  async publishPromised(before: number): Promise<void> {
    const { store, jobs, engine, relay } = this.parts;
    for (const chunk of await store.withOutbox(before, batchMax)) {
      for (const entry of chunk.state.outbox) engine.publish(chunk, entry);
    }
    for (const job of await jobs.withOutbox(before, batchMax)) {
      for (const event of job.outbox) {
        relay.publish({ ...event, about: job._id, owner: { kind: 'job', id: job._id }, data: () => event.data });
      }
    }
  }

  /** Tells recovery-service again of failures that it has not decided about; it knows which it has seen. */
  private async tellUndecided(before: number): Promise<void> {
    const { store, engine, metrics, now } = this.parts;
    const ids = (await store.undecided(batchMax)).filter((id) => (this.toldAgain.get(id) ?? 0) < before);
    for (const [id, at] of this.toldAgain) if (at < before) this.toldAgain.delete(id);
    if (ids.length === 0) return;
    await engine.withChunks(ids, (chunks) => {
      for (const chunk of chunks) {
        const forgotten = chunk.indexesIn('failed').filter((index) => (chunk.state.extras.errors[index]?.at ?? 0) < before);
        if (forgotten.length === 0) continue;
        this.toldAgain.set(chunk.id, now());
        metrics.count('kintsugi_reconcile_repairs_total', { kind: 'failure_told_again' }, forgotten.length);
        engine.change(chunk, () => chunk.emit('task.failed', forgotten, now()));
      }
    });
  }

  /** The event that tells of a lost task may itself be lost with the broker's files, and only a person with its record can help it. */
  private async tellWaiting(): Promise<void> {
    const { store, engine, now } = this.parts;
    if (now() - this.waitingToldAt < tellWaitingEveryMs) return;
    const ids = await store.waitingForPerson();
    for (let from = 0; from < ids.length; from += batchMax) {
      await engine.withChunks(ids.slice(from, from + batchMax), (chunks) => {
        for (const chunk of chunks) {
          const waiting = chunk.indexesIn('outcome_unknown', 'quarantined');
          if (waiting.length > 0) engine.change(chunk, () => chunk.emit('task.lost', waiting, now()));
        }
      });
    }
    this.waitingToldAt = now();
  }

  private async openForgotten(before: number): Promise<void> {
    const { ledger, chunked, metrics, onFault } = this.parts;
    for (const { job } of [...ledger.all]) {
      if (job.opened || Date.parse(job.created_at) > before) continue;
      await chunked
        .open(job)
        .then(() => metrics.count('kintsugi_reconcile_repairs_total', { kind: 'job_opened_again' }))
        .catch(onFault);
    }
  }

  private async showQueues(): Promise<void> {
    const { store, ledger, roster, relay, metrics, now } = this.parts;
    const lanes = await store.oldestReady();
    metrics.clear('kintsugi_queue_oldest_ready_age_seconds');
    for (const { lane, acceptedAt } of lanes) {
      metrics.set('kintsugi_queue_oldest_ready_age_seconds', Math.max(0, now() - acceptedAt) / 1000, { type: typeOfLane(lane) });
    }
    const byType = new Map<string, Map<TaskState, number>>();
    for (const entry of ledger.all) {
      const counts = byType.get(entry.job.type) ?? new Map<TaskState, number>();
      byType.set(entry.job.type, counts);
      for (const [state, count] of Object.entries(entry.counts) as [TaskState, number][]) {
        counts.set(state, (counts.get(state) ?? 0) + count);
      }
    }
    metrics.clear('kintsugi_queue_tasks');
    for (const [type, counts] of byType) {
      for (const [state, count] of counts) metrics.set('kintsugi_queue_tasks', Math.max(0, count), { type, state });
    }
    const workers = [...roster.all];
    const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
    const held = workers.reduce((sum, worker) => sum + Math.min(worker.held, worker.slots), 0);
    metrics.set('kintsugi_workers', workers.filter(({ draining }) => !draining).length, { state: 'up' });
    metrics.set('kintsugi_workers', workers.filter(({ draining }) => draining).length, { state: 'draining' });
    metrics.set('kintsugi_worker_slots', held, { state: 'used' });
    metrics.set('kintsugi_worker_slots', slots - held, { state: 'free' });
    metrics.set('kintsugi_outbox_pending', relay.size);
  }
}
