import { Inject, Injectable } from '@nestjs/common';
import { every } from '@kintsugi/boundary';
import { Faults, SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { ReleaseTasks } from '../dependencies/release-tasks.js';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import { PauseTasks } from '../dispatch/pause-tasks.js';
import { ReadyQueues } from '../dispatch/ready-queues.js';
import { TakeOverLeases } from '../dispatch/take-over-leases.js';
import { TaskEngine } from '../dispatch/task-engine.js';
import { ChunkedIntake } from '../intake/commands/chunked-intake.js';
import type { JobServiceSettings } from '../job-service.config.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobOutbox } from '../jobs/job-outbox.js';
import { JobRecords } from '../jobs/job-records.js';
import { Clock } from '../platform/clock.js';
import { ChunkOutbox } from '../tasks/chunk-outbox.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import { QueueGauges } from './queue-gauges.js';
import { Stillness } from './stillness.js';

const batchMax = 500;
/** What waits for a person waits long: it is told again when this replica begins to lead, and then so often. */
const tellWaitingEveryMs = 3_600_000;
/** While nothing goes on, one round of so many is made: each asks the store a dozen questions. */
const roundsPerStillOne = 6;

/**
 * Holds the record against what should have followed from it, and makes up for what did not: events that were
 * promised and not published, failures that nobody decided about, ready chunks that no window knows, leases and
 * ends of tasks that a former leader wrote at the last moment, accepted jobs whose chunks were not made real. With it, losing
 * every file of the broker loses nothing.
 */
@Injectable()
export class Reconciler {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private readonly toldAgain = new Map<string, number>();
  private waitingToldAt = -Infinity;
  private leftOut = 0;

  constructor(
    private readonly search: ChunkSearch,
    private readonly jobs: JobRecords,
    private readonly engine: TaskEngine,
    private readonly ledger: JobLedger,
    private readonly chunked: ChunkedIntake,
    private readonly queues: ReadyQueues,
    private readonly roster: WorkerRoster,
    private readonly takeOverLeases: TakeOverLeases,
    private readonly pauseTasks: PauseTasks,
    private readonly releaseTasks: ReleaseTasks,
    private readonly chunkOutbox: ChunkOutbox,
    private readonly jobOutbox: JobOutbox,
    private readonly gauges: QueueGauges,
    private readonly stillness: Stillness,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly faults: Faults,
    @Inject(SETTINGS)
    private readonly settings: Pick<JobServiceSettings, 'RECONCILE_EVERY_MS' | 'FORGOTTEN_AFTER_MS'>,
  ) {}

  /** What a former leader has left is looked for as if it had just been written, however long this replica has waited. */
  start(): void {
    this.stillness.noteMovement();
    this.timer = every('reconciler', this.settings.RECONCILE_EVERY_MS, () => this.roundIfDue());
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** Makes a round, or leaves it out where the last one was lately and nothing has gone on since. */
  roundIfDue(): void {
    this.leftOut += 1;
    if (this.running || (this.stillness.isStill && this.leftOut < roundsPerStillOne)) return;
    this.leftOut = 0;
    this.running = this.round()
      .catch((error: unknown) => {
        this.stillness.noteMovement();
        this.faults.report(error);
      })
      .finally(() => {
        this.running = null;
      });
  }

  async round(): Promise<void> {
    const { queues, roster, clock, settings } = this;
    queues.forget((name) => roster.offeredQueues.has(name));
    queues.invalidate();
    await this.takeOverLeases.execute();
    this.pauseTasks.remind();
    await this.recountJobs();
    await this.publishPromised(clock.now() - settings.FORGOTTEN_AFTER_MS);
    await this.tellUndecided(clock.now() - settings.FORGOTTEN_AFTER_MS);
    await this.tellWaiting();
    if (await this.gauges.show()) this.stillness.noteMovement();
    await this.openForgotten(clock.now() - settings.FORGOTTEN_AFTER_MS);
  }

  private async recountJobs(): Promise<void> {
    const off = await this.ledger.recountIdle();
    if (off > 0) this.metrics.count('kintsugi_reconcile_repairs_total', { kind: 'job_recounted' }, off);
  }

  /** Publishes what documents promised before `before`; the relay passes over what it has under way. */
  async publishPromised(before: number): Promise<void> {
    const { search, jobs, chunkOutbox, jobOutbox } = this;
    const takenUp = new Set<string>();
    const chunks = await search.withOutbox(before, batchMax);
    for (const chunk of chunks) {
      const { jobId } = chunk.identity;
      const isHealed = chunk.state.outbox.some(({ name }) => name === 'task.recovered');
      // Before the promise is kept: nothing else tells of it.
      if (jobId !== null && isHealed) await this.takeUpHealed(jobId, takenUp);
      for (const entry of chunk.state.outbox) chunkOutbox.publish(chunk, entry);
    }
    const promising = await jobs.withOutbox(before, batchMax);
    if (chunks.length + promising.length > 0) this.stillness.noteMovement();
    for (const job of promising) {
      for (const event of job.outbox) jobOutbox.publish(job._id, event);
    }
  }

  /**
   * A late report may have healed a job that had failed. What that makes of the job, and of the tasks that were given up for it, may
   * not have been written any more, and nobody takes up a job that has ended.
   */
  private async takeUpHealed(jobId: string, takenUp: Set<string>): Promise<void> {
    const { ledger, releaseTasks } = this;
    if (takenUp.has(jobId)) return;
    takenUp.add(jobId);
    await ledger.hold([jobId], async () => {
      const entry = ledger.get(jobId);
      if (entry) await releaseTasks.takeUp(entry);
    });
  }

  /** Tells recovery-service again of failures that it has not decided about; it knows which it has seen. */
  private async tellUndecided(before: number): Promise<void> {
    const { search, engine, metrics, clock } = this;
    const undecided = await search.undecided(batchMax);
    if (undecided.length > 0) this.stillness.noteMovement();
    const ids = undecided.filter((id) => (this.toldAgain.get(id) ?? 0) < before);
    for (const [id, at] of this.toldAgain) if (at < before) this.toldAgain.delete(id);
    if (ids.length === 0) return;
    await engine.withChunks(ids, (chunks) => {
      for (const chunk of chunks) {
        const forgotten = chunk.indexesIn('failed').filter((index) => (chunk.state.extras.errors[index]?.at ?? 0) < before);
        if (forgotten.length === 0) continue;
        this.toldAgain.set(chunk.id, clock.now());
        metrics.count('kintsugi_reconcile_repairs_total', { kind: 'failure_told_again' }, forgotten.length);
        engine.change(chunk, () => chunk.emit('task.failed', forgotten, clock.now()));
      }
    });
  }

  /** The event that tells of a lost task may itself be lost with the broker's files, and only a person with its record can help it. */
  private async tellWaiting(): Promise<void> {
    const { search, engine, clock } = this;
    if (clock.now() - this.waitingToldAt < tellWaitingEveryMs) return;
    const ids = await search.waitingForPerson();
    for (let from = 0; from < ids.length; from += batchMax) {
      await engine.withChunks(ids.slice(from, from + batchMax), (chunks) => {
        for (const chunk of chunks) {
          const waiting = chunk.indexesIn('outcome_unknown', 'quarantined');
          if (waiting.length > 0) engine.change(chunk, () => chunk.emit('task.lost', waiting, clock.now()));
        }
      });
    }
    this.waitingToldAt = clock.now();
  }

  private async openForgotten(before: number): Promise<void> {
    const { ledger, chunked, metrics, faults } = this;
    for (const { job, isToCome } of [...ledger.all]) {
      if (job.opened || isToCome || Date.parse(job.created_at) > before) continue;
      await chunked
        .open(job)
        .then(() => metrics.count('kintsugi_reconcile_repairs_total', { kind: 'job_opened_again' }))
        .catch(faults.report);
    }
  }
}
