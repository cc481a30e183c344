import { inBackground } from '@kintsugi/boundary';
import { brokenTaskStates, typeOfLane, type LeaseOutcome } from '@kintsugi/contracts';
import type { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import type { OutboxRelay } from '../outbox/outbox-relay.js';
import type { ChunkWriter, Effect } from '../tasks/chunk-writer.js';
import { bundledJobEnd } from '../tasks/domain/bundled-job-status.js';
import type { Chunk, OutboxEntry, TaskSums } from '../tasks/domain/chunk.js';
import { eventDataOf } from '../tasks/domain/chunk-events.js';
import { ChunkFacts } from '../tasks/domain/chunk-facts.js';
import { failUndeliverable } from '../tasks/domain/fail-undeliverable.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { companyOf } from '../tasks/domain/suspects.js';
import type { LiveChunks } from '../tasks/live-chunks.js';
import type { PendingWrite } from '../tasks/mongo/pending-write.js';
import type { Dispatcher } from './dispatcher.js';
import type { WorkerRoster } from './domain/worker-roster.js';
import type { ReadyLanes } from './ready-lanes.js';

export interface TaskEngineParts {
  live: LiveChunks;
  writer: ChunkWriter;
  ledger: JobLedger;
  lanes: ReadyLanes;
  roster: WorkerRoster;
  dispatcher: Dispatcher;
  relay: OutboxRelay;
  metrics: Metrics;
  now: () => number;
  /** Milliseconds of the hearing clock. */
  heard: () => number;
  onFault: (error: unknown) => void;
  /** A planning task has succeeded. */
  onPlanned: (plan: Chunk) => void;
}

/**
 * The one place through which chunks change: it keeps the windows, the roster and the ledger in step with them, has
 * the change written, and lets out what the change promised once it is.
 */
export class TaskEngine {
  /** Chunks that somebody else has changed and that have not been read again: what they were known to add up to, and for whom. */
  private readonly doubted = new Map<string, { known: TaskSums; entry: LedgerEntry | undefined }>();

  constructor(private readonly parts: TaskEngineParts) {}

  /** Takes in a chunk that has just been made, gives its tasks to whoever is free, and has it written. */
  admit(chunk: Chunk, effect: Effect): void {
    const { live, lanes, dispatcher, writer } = this.parts;
    live.add(chunk);
    lanes.offer(chunk);
    dispatcher.run();
    writer.save(chunk, effect);
  }

  /**
   * Runs a change of a chunk and has it written, with all that follows for others; `effect` runs once it is safe.
   * A change that came to nothing is not written, but its effect still waits for what is being written.
   */
  change<Result>(
    chunk: Chunk,
    make: () => Result,
    effect?: (result: Result, voided: Error | null) => void,
    changed = (result: Result) => result !== false,
  ): Result {
    const { lanes, dispatcher, writer } = this.parts;
    const before = heldByFence(chunk);
    const result = make();
    if (!changed(result)) {
      if (effect && writer.isBusy(chunk)) writer.save(chunk, (voided) => effect(result, voided));
      else effect?.(result, null);
      return result;
    }
    this.noteSettled(chunk, before);
    if (chunk.count('ready') > 0) lanes.offer(chunk);
    writer.save(chunk, effect && ((voided) => effect(result, voided)));
    dispatcher.wake();
    return result;
  }

  /** Runs `work` on these chunks with their jobs' entries in memory; chunks that do not exist are left out. */
  async withChunks(ids: readonly string[], work: (chunks: Chunk[]) => void): Promise<void> {
    const { live, ledger } = this.parts;
    await live.hold(ids, async () => {
      const jobIds = await live.use(ids, (chunks) => chunks.flatMap(({ identity }) => identity.jobId ?? []));
      // Once more: while the jobs were being read, somebody else's change may have voided a chunk.
      await ledger.hold(jobIds, () => live.use(ids, work));
    });
  }

  /** Records what a worker reports of a lease. `onRecorded` gets how many tasks were refused, once it is written. */
  record(chunk: Chunk, outcome: LeaseOutcome, onRecorded: (fenced: number) => void): void {
    const { lanes, roster, now, metrics } = this.parts;
    const lease = chunk.leaseOf(outcome.fence);
    if (lease) roster.prove(lease.workerId);
    const ran = outcome.took_us.reduce((sum, us) => sum + us, 0);
    lanes.lane(chunk.identity.lane).pace.record(ran, outcome.done.length);
    this.change(
      chunk,
      () => recordOutcome(chunk, outcome, now()),
      ({ fenced }, voided) => {
        // Without a receipt the worker reports again, against the chunk as it is then.
        if (voided) return;
        metrics.count('kintsugi_fencing_rejections_total', {}, fenced);
        onRecorded(fenced);
      },
      ({ taken }) => taken > 0,
    );
  }

  /** The tasks of a lease cannot be sent to its worker: it must not hold them for ever. */
  failUndeliverable(chunk: Chunk, fence: number): void {
    this.change(chunk, () => failUndeliverable(chunk, fence, this.parts.now()));
  }

  /** A chunk's change is written. */
  onWritten(write: PendingWrite): void {
    const { ledger, live } = this.parts;
    const { chunk, sums } = write;
    const { known } = chunk;
    chunk.known = sums;
    ledger.onWritten(write, known);
    this.countFacts(chunk, write.facts);
    this.countEnds(chunk, known, sums);
    for (const entry of write.promised) this.publish(chunk, entry);
    if (chunk.isPlan && sums.counts.succeeded) this.parts.onPlanned(chunk);
    live.release(chunk);
  }

  /** Somebody else changed the chunk: it is read again, with the leases that really stand. */
  onConflict(chunk: Chunk): void {
    const { live, lanes, metrics, onFault } = this.parts;
    metrics.count('kintsugi_write_conflicts_total');
    lanes.remove(chunk);
    live.drop(chunk);
    this.noteSettled(chunk, heldByFence(chunk), true);
    this.doubted.set(chunk.id, { known: chunk.known, entry: this.entryOf(chunk) });
    const takeUp = ([standing]: Chunk[]): void => {
      this.doubted.delete(chunk.id);
      if (standing && standing.count('ready') > 0) lanes.offer(standing);
    };
    inBackground('task-engine.conflict', () => untilReachable(() => this.withChunks([chunk.id], takeUp)).catch(onFault));
  }

  /** A chunk has come into memory: those who hold leases of it are known to hold them. */
  onEntered(chunk: Chunk): void {
    const { roster, ledger } = this.parts;
    const entry = this.entryOf(chunk);
    const doubt = this.doubted.get(chunk.id);
    this.doubted.delete(chunk.id);
    // What somebody else wrote of the chunk counts too; an entry that was read meanwhile has counted it.
    if (entry && entry === doubt?.entry) entry.add(chunk.isPlan, doubt.known, chunk.known, new ChunkFacts());
    const now = this.parts.heard();
    for (const { fence, workerId, indexes, lost } of chunk.state.leases) {
      if (lost) continue;
      const company = companyOf(chunk, indexes);
      roster.addLease(workerId, { chunkId: chunk.id, fence, open: indexes.length, company, sentAt: now }, now);
      if (entry) entry.leased += indexes.length;
    }
    if (entry && doubt) ledger.settle(entry.job._id);
  }

  /** Whether the record says that the worker holds nothing under this token; false also while that is being written or read. */
  hasPassedOn(workerId: string, chunkId: string, fence: number): boolean {
    const { live, writer } = this.parts;
    const chunk = live.get(chunkId);
    if (!chunk) return !this.doubted.has(chunkId);
    const lease = chunk.leaseOf(fence);
    const isHeld = lease !== undefined && lease.workerId === workerId && !lease.lost;
    return !isHeld && !writer.isBusy(chunk);
  }

  /** Publishes an event of a chunk's outbox; when it is out, the promise is removed here and in the store. */
  publish(chunk: Chunk, entry: OutboxEntry): void {
    const data = eventDataOf(chunk, entry);
    this.parts.relay.publish({
      ...entry,
      about: chunk.identity.jobId ?? `bundle_${chunk.id}`,
      owner: { kind: 'chunk', id: chunk.id },
      data: () => data,
    });
  }

  /** Tells the roster and the ledger which tasks of the leases are no longer held. */
  private noteSettled(chunk: Chunk, before: ReturnType<typeof heldByFence>, all = false): void {
    const { lanes, roster } = this.parts;
    let settled = 0;
    for (const [fence, { workerId, open }] of before) {
      const lease = chunk.leaseOf(fence);
      const gone = open - (lease && !lease.lost && !all ? lease.indexes.length : 0);
      if (gone > 0) roster.settle(workerId, chunk.id, fence, gone);
      settled += gone;
    }
    const entry = this.entryOf(chunk);
    if (!entry || settled === 0) return;
    const wasFull = entry.isFull;
    entry.leased -= settled;
    if (wasFull) lanes.noteRoom(entry.job._id);
  }

  private entryOf({ identity }: Chunk): LedgerEntry | undefined {
    return identity.jobId === null ? undefined : this.parts.ledger.get(identity.jobId);
  }

  private countEnds(chunk: Chunk, known: TaskSums, sums: TaskSums): void {
    // Planning is no task of the job: it was not counted as accepted either.
    if (chunk.isPlan) return;
    const type = typeOfLane(chunk.identity.lane);
    for (const state of finalStates) {
      const ended = (sums.counts[state] ?? 0) - (known.counts[state] ?? 0);
      this.parts.metrics.count('kintsugi_tasks_finished_total', { type, state }, ended);
      const status = chunk.identity.jobs ? bundledJobEnd(state) : null;
      if (status) this.parts.metrics.count('kintsugi_jobs_finished_total', { type, status }, ended);
    }
  }

  private countFacts(chunk: Chunk, facts: ChunkFacts): void {
    const { metrics } = this.parts;
    const labels = { type: typeOfLane(chunk.identity.lane) };
    const outcomes = {
      succeeded: facts.succeededUs.length,
      failed: facts.failedUs.length,
      lost: facts.lost,
      returned: facts.returned,
      cancelled: facts.cancelled,
    };
    for (const [outcome, count] of Object.entries(outcomes)) {
      metrics.count('kintsugi_attempts_total', { ...labels, outcome }, count);
    }
    metrics.observeMany('kintsugi_attempt_seconds', facts.succeededUs, 1e-6, { ...labels, outcome: 'succeeded' });
    metrics.observeMany('kintsugi_attempt_seconds', facts.failedUs, 1e-6, { ...labels, outcome: 'failed' });
    metrics.observeMany('kintsugi_task_outcome_seconds', facts.outcomeMs, 1e-3, labels);
    metrics.observeMany('kintsugi_task_wait_seconds', facts.waitMs, 1e-3, labels);
  }
}

const finalStates = ['succeeded', 'cancelled', ...brokenTaskStates] as const;

function heldByFence(chunk: Chunk): Map<number, { workerId: string; open: number }> {
  return new Map(
    chunk.state.leases
      .filter(({ lost }) => !lost)
      .map(({ fence, workerId, indexes }) => [fence, { workerId, open: indexes.length }]),
  );
}
