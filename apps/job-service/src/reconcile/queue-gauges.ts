import { Injectable } from '@nestjs/common';
import { typeOfQueue, type TaskCounts, type TaskState } from '@kintsugi/contracts';
import type { ConsumerBacklog } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import { isHeldBack } from '../jobs/domain/job-lifecycle.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { Clock } from '../platform/clock.js';
import { BundledTasks } from '../tasks/bundled-tasks.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import { ReaderBacklogs } from './nats/reader-backlogs.js';

/** Shows in metrics what waits, for whom, and who is there to run it. */
@Injectable()
export class QueueGauges {
  constructor(
    private readonly search: ChunkSearch,
    private readonly ledger: JobLedger,
    private readonly bundled: BundledTasks,
    private readonly roster: WorkerRoster,
    private readonly relay: OutboxRelay,
    private readonly backlogs: ReaderBacklogs,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Gives whether something waits. */
  async show(): Promise<boolean> {
    const waiting = await this.search.oldestReady(this.heldBack());
    this.showTypes(waiting);
    await this.bundled.recount();
    this.showTasks();
    this.showWorkers();
    this.metrics.set('kintsugi_outbox_pending', this.relay.size);
    this.showBacklogs(await this.backlogs.all());
    return waiting.length > 0;
  }

  /** Whoever is paused waits on purpose. */
  private heldBack(): string[] {
    return [...this.ledger.all].filter(({ job }) => isHeldBack(job.status)).map(({ job }) => job._id);
  }

  /** A type that has neither waiting tasks nor workers is no longer shown. */
  private showTypes(waiting: readonly { queue: string; acceptedAt: number }[]): void {
    const { metrics, roster, clock } = this;
    const workers = new Map<string, number>();
    for (const [queue, offering] of roster.offeredQueues) workers.set(queue, offering.size);
    metrics.clear('kintsugi_queue_oldest_ready_age_seconds');
    const ages = new Map<string, number>();
    for (const { queue, acceptedAt } of waiting) {
      const age = Math.max(0, clock.now() - acceptedAt) / 1000;
      ages.set(typeOfQueue(queue), Math.max(age, ages.get(typeOfQueue(queue)) ?? 0));
      if (!workers.has(queue)) workers.set(queue, 0);
    }
    for (const [type, age] of ages) metrics.set('kintsugi_queue_oldest_ready_age_seconds', age, { type });
    metrics.clear('kintsugi_queue_workers');
    const byType = new Map<string, number>();
    // Who runs a type and who plans it are two queues: of the two the emptier says whether something waits for a worker.
    for (const [queue, count] of workers) {
      const type = typeOfQueue(queue);
      byType.set(type, Math.min(count, byType.get(type) ?? Infinity));
    }
    for (const [type, count] of byType) metrics.set('kintsugi_queue_workers', count, { type });
  }

  private showTasks(): void {
    const { ledger, bundled, metrics } = this;
    const byType = new Map<string, Map<TaskState, number>>();
    const add = (type: string, tasks: TaskCounts): void => {
      const counts = byType.get(type) ?? new Map<TaskState, number>();
      byType.set(type, counts);
      for (const [state, count] of Object.entries(tasks) as [TaskState, number][]) {
        counts.set(state, (counts.get(state) ?? 0) + count);
      }
    };
    for (const { job, counts } of ledger.all) add(job.type, counts);
    for (const [queue, counts] of bundled.open) add(typeOfQueue(queue), counts);
    metrics.clear('kintsugi_queue_tasks');
    for (const [type, counts] of byType) {
      for (const [state, count] of counts) metrics.set('kintsugi_queue_tasks', Math.max(0, count), { type, state });
    }
  }

  private showWorkers(): void {
    const { metrics } = this;
    const workers = [...this.roster.all];
    const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
    const held = workers.reduce((sum, worker) => sum + Math.min(worker.held, worker.slots), 0);
    metrics.set('kintsugi_workers', workers.filter(({ draining }) => !draining).length, { state: 'up' });
    metrics.set('kintsugi_workers', workers.filter(({ draining }) => draining).length, { state: 'draining' });
    metrics.set('kintsugi_worker_slots', held, { state: 'used' });
    metrics.set('kintsugi_worker_slots', slots - held, { state: 'free' });
  }

  private showBacklogs(backlogs: readonly ConsumerBacklog[]): void {
    for (const { stream, consumer, pending, unacknowledged, redelivered } of backlogs) {
      const labels = { stream, consumer };
      this.metrics.set('kintsugi_consumer_pending', pending, labels);
      this.metrics.set('kintsugi_consumer_unacknowledged', unacknowledged, labels);
      this.metrics.set('kintsugi_consumer_redelivered', redelivered, labels);
    }
  }
}
