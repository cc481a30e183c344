import { Injectable } from '@nestjs/common';
import { inBackground } from '@kintsugi/boundary';
import type { LeaseOutcome } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { untilReachable } from '@kintsugi/persistence';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { Clock } from '../platform/clock.js';
import { ChunkChanges } from '../tasks/chunk-changes.js';
import { ChunkWriter } from '../tasks/chunk-writer.js';
import { ChunkStats } from '../tasks/domain/chunk-stats.js';
import { EndingAttempts } from '../tasks/attempt-traces.js';
import type { Chunk, TaskSums } from '../tasks/domain/chunk.js';
import { failUndeliverable } from '../tasks/domain/fail-undeliverable.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { LeaseBook } from './lease-book.js';
import { ReadyQueues } from './ready-queues.js';

/**
 * The one place through which chunks change: it keeps windows and leases in step with them, and has the change written. What
 * follows from a change that is safe, ChunkChanges tells to whom it concerns.
 */
@Injectable()
export class TaskEngine {
  /** Chunks that somebody else has changed and that have not been read again: what they were known to add up to, and for whom. */
  private readonly doubted = new Map<string, { known: TaskSums; entry: LedgerEntry | undefined }>();

  private follow: (chunk: Chunk) => void = () => undefined;

  constructor(
    private readonly live: LiveChunks,
    private readonly writer: ChunkWriter,
    private readonly ledger: JobLedger,
    private readonly book: LeaseBook,
    private readonly queues: ReadyQueues,
    changes: ChunkChanges,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {
    changes.observe({ entered: (chunk) => this.settleDoubt(chunk), conflicted: (chunk) => this.readAgain(chunk) });
  }

  /** Has what follows within a chunk from a change of it be a part of that change. */
  followWith(follow: (chunk: Chunk) => void): void {
    this.follow = follow;
  }

  /** Takes in a chunk that has just been made; who does so has it written. */
  enter(chunk: Chunk): void {
    this.live.add(chunk);
    this.queues.offer(chunk);
  }

  /**
   * Runs a change of a chunk and has it written, with all that follows for others; `effect` runs once it is safe.
   * The write is told as a part of the traces that are named.
   * A change that came to nothing is not written, but its effect still waits for what is being written.
   */
  change<Result>(
    chunk: Chunk,
    make: () => Result,
    effect?: (result: Result, voided: Error | null) => void,
    changed = (result: Result) => result !== false,
    traceparents: () => readonly string[] = () => [],
  ): Result {
    const { book, queues, writer } = this;
    const before = book.heldOf(chunk);
    const result = make();
    if (!changed(result)) {
      if (effect && writer.isBusy(chunk)) writer.save(chunk, (voided) => effect(result, voided));
      else effect?.(result, null);
      return result;
    }
    this.follow(chunk);
    book.settle(chunk, before);
    if (chunk.count('ready') > 0) queues.offer(chunk);
    writer.save(chunk, effect && ((voided) => effect(result, voided)), traceparents());
    return result;
  }

  /**
   * Runs a change of each of these chunks. Resolves once all are safe, and rejects where one turned out to be void; `effect`
   * runs for each as soon as it is safe itself.
   */
  async changeAll<Result>(
    ids: readonly string[],
    make: (chunk: Chunk) => Result,
    effect: (chunk: Chunk, result: Result) => void = () => undefined,
  ): Promise<void> {
    const written: Promise<void>[] = [];
    const changeOne = (chunk: Chunk): Promise<void> =>
      new Promise((resolve, reject) => {
        this.change(
          chunk,
          () => make(chunk),
          (result, voided) => {
            if (voided) return reject(voided);
            effect(chunk, result);
            resolve();
          },
        );
      });
    await this.withChunks(ids, (chunks) => written.push(...chunks.map(changeOne)));
    await Promise.all(written);
  }

  /** Runs `work` on these chunks with their jobs' entries in memory; chunks that do not exist are left out. */
  async withChunks(ids: readonly string[], work: (chunks: Chunk[]) => void): Promise<void> {
    const { live, ledger } = this;
    await live.hold(ids, async () => {
      const jobIds = await live.use(ids, (chunks) => chunks.flatMap(({ identity }) => identity.jobId ?? []));
      // Once more: while the jobs were being read, somebody else's change may have voided a chunk.
      await ledger.hold(jobIds, () => live.use(ids, work));
    });
  }

  /** Records what a worker reports of a lease. `onRecorded` gets how many tasks were refused, once it is written. */
  record(chunk: Chunk, outcome: LeaseOutcome, onRecorded: (fenced: number) => void): void {
    this.book.prove(chunk, outcome.fence);
    const attempts = EndingAttempts.of(chunk, outcome.fence);
    this.notePace(chunk, outcome);
    this.change(
      chunk,
      () => {
        const recorded = recordOutcome(chunk, outcome, this.clock.now());
        attempts?.noteOutcome(outcome);
        return recorded;
      },
      ({ fenced }, voided) => {
        // Without a receipt the worker reports again, against the chunk as it is then.
        if (voided) return;
        this.metrics.count('kintsugi_fencing_rejections_total', {}, fenced);
        onRecorded(fenced);
        attempts?.record(this.clock.now());
      },
      ({ taken }) => taken > 0,
      () => attempts?.traceparents ?? [],
    );
  }

  private notePace(chunk: Chunk, { took_us, done, failed }: LeaseOutcome): void {
    const { pace } = this.queues.queue(chunk.identity.queue);
    const sum = (us: readonly number[]): number => us.reduce((all, one) => all + one, 0);
    // How long what was stopped would have taken is not known.
    const ended = failed.filter(({ cancelled }) => cancelled !== true);
    pace.record(sum(took_us), done.length);
    pace.recordFailed(sum(ended.map(({ took_us: us }) => us)), ended.length);
  }

  /** The tasks of a lease cannot be sent to its worker: it must not hold them for ever. */
  failUndeliverable(chunk: Chunk, fence: number): void {
    this.change(chunk, () => failUndeliverable(chunk, fence, this.clock.now()));
  }

  /** Whether the record says that the worker holds nothing under this token; false also while that is being written or read. */
  hasPassedOn(workerId: string, chunkId: string, fence: number): boolean {
    const { live, writer } = this;
    const chunk = live.get(chunkId);
    if (!chunk) return !this.doubted.has(chunkId);
    const lease = chunk.leaseOf(fence);
    const isHeld = lease !== undefined && lease.workerId === workerId && !lease.lost;
    return !isHeld && !writer.isBusy(chunk);
  }

  /** Somebody else changed the chunk: it is read again, with the leases that really stand. */
  private readAgain(chunk: Chunk): void {
    this.metrics.count('kintsugi_write_conflicts_total');
    this.doubted.set(chunk.id, { known: chunk.known, entry: this.entryOf(chunk) });
    const takeUp = ([known]: Chunk[]): void => {
      this.doubted.delete(chunk.id);
      if (known && known.count('ready') > 0) this.queues.offer(known);
    };
    inBackground('task-engine.conflict', () =>
      untilReachable(() => this.withChunks([chunk.id], takeUp)).catch(this.faults.report),
    );
  }

  /** What somebody else wrote of the chunk counts for its job too; an entry that was read meanwhile has counted it. */
  private settleDoubt(chunk: Chunk): void {
    const doubt = this.doubted.get(chunk.id);
    if (!doubt) return;
    this.doubted.delete(chunk.id);
    const entry = this.entryOf(chunk);
    if (!entry) return;
    if (entry === doubt.entry) entry.add(chunk.isPlan, doubt.known, chunk.known, new ChunkStats());
    this.ledger.settle(entry.job._id);
  }

  private entryOf({ identity }: Chunk): LedgerEntry | undefined {
    return identity.jobId === null ? undefined : this.ledger.get(identity.jobId);
  }
}
