import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { every, inBackground } from '@kintsugi/boundary';
import { isFinished, type TaskState } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { EventPublisher } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { ChunkChanges, type WrittenChange } from '../tasks/chunk-changes.js';
import { ChunkTotals } from '../tasks/chunk-totals.js';
import { ChunkWriter } from '../tasks/chunk-writer.js';
import type { TaskSums } from '../tasks/domain/chunk.js';
import type { Asked } from '../tasks/domain/pause-moves.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import type { JobOutboxEntry, JobRecord } from './domain/job.js';
import { jobTransitions, type JobMove } from './domain/job-lifecycle.js';
import { openTasks } from './domain/job-progress.js';
import { holdPart } from './domain/unique-hold.js';
import { changeOf } from './domain/change-of-move.js';
import { LedgerEntry } from './domain/ledger-entry.js';
import { JobOutbox } from './job-outbox.js';
import { JobRecords } from './job-records.js';
import { UniqueConflict } from './unique-conflict.js';

const progressEveryMs = 500;
const loadMax = 200;
/** Jobs that one round holds against the record. */
const recountMax = 50;
/** What a job without chunks adds up to. */
const nothing: TaskSums = { counts: {}, first_try: 0, recovered: 0, retries: 0 };

/**
 * What the jobs at work add up to, kept from the written changes of their chunks, and the moves of jobs that follow
 * from it. Whoever changes a chunk of a job has the job's entry first: `hold` reads it where it is not in memory.
 */
@Injectable()
export class JobLedger {
  private readonly entries = new Map<string, LedgerEntry>();
  private readonly loading = new Map<string, Promise<LedgerEntry | null>>();
  private readonly pins = new Map<string, number>();
  private readonly settling = new Set<string>();
  private readonly listeners: ((job: JobRecord) => void)[] = [];
  private recovered: (entry: LedgerEntry) => void = () => undefined;
  private mayEnd: (entry: LedgerEntry) => boolean = () => true;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly jobs: JobRecords,
    private readonly outbox: JobOutbox,
    private readonly chunks: ChunkTotals,
    private readonly live: LiveChunks,
    private readonly writer: ChunkWriter,
    changes: ChunkChanges,
    private readonly publisher: EventPublisher,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {
    changes.observe({ written: (change) => this.count(change) });
  }

  /** Takes over every job that has not ended. */
  async start(): Promise<JobRecord[]> {
    const unfinished = await this.jobs.unfinished();
    for (let from = 0; from < unfinished.length; from += loadMax) await this.takeIn(unfinished.slice(from, from + loadMax));
    this.timer = every('job-ledger.progress', progressEveryMs, () => this.noteProgress());
    for (const { _id } of unfinished) this.settle(_id);
    return unfinished;
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.noteProgress();
  }

  /** Calls the listener with each job that has ended, once that is written. It may be told again. */
  onEnded(listener: (job: JobRecord) => void): void {
    this.listeners.push(listener);
  }

  /** Lets a job end by itself only when this says so: more may follow from the end of its last task. Whoever says no settles it later. */
  endWhen(mayEnd: (entry: LedgerEntry) => boolean): void {
    this.mayEnd = mayEnd;
  }

  /** Calls the listener with each job that had failed and goes on, once that is written. */
  onRecovered(listener: (entry: LedgerEntry) => void): void {
    this.recovered = listener;
  }

  get(jobId: string): LedgerEntry | undefined {
    return this.entries.get(jobId);
  }

  get all(): Iterable<LedgerEntry> {
    return this.entries.values();
  }

  /** Enters a job that has just been accepted; its chunks are counted once they are real. */
  enter(job: JobRecord): LedgerEntry {
    const entry = new LedgerEntry(job, nothing, job.total_tasks === null ? 'ready' : null);
    this.entries.set(job._id, entry);
    return entry;
  }

  /** Runs `work` with the entries of these jobs in memory; jobs that do not exist are left out. */
  async hold<Result>(jobIds: Iterable<string>, work: () => Promise<Result>): Promise<Result> {
    const held = [...new Set(jobIds)];
    for (const jobId of held) this.pins.set(jobId, (this.pins.get(jobId) ?? 0) + 1);
    try {
      await Promise.all(held.map((jobId) => this.entries.get(jobId) ?? this.read(jobId)));
      return await work();
    } finally {
      for (const jobId of held) {
        const pins = (this.pins.get(jobId) ?? 1) - 1;
        if (pins > 0) this.pins.set(jobId, pins);
        else this.pins.delete(jobId);
      }
    }
  }

  private count({ chunk, known, sums, stats }: WrittenChange): void {
    const entry = this.entries.get(chunk.identity.jobId ?? '');
    if (!entry) return;
    entry.add(chunk.isPlan, known, sums, stats);
    this.settle(entry.job._id);
  }

  /**
   * Holds jobs at which nothing happens against the record, once for each time that they come to rest: a leader before this
   * one may have written a chunk after it was counted here, and a job that is counted wrong would never end. Gives how many were.
   */
  async recountIdle(): Promise<number> {
    for (const entry of this.entries.values()) if (entry.isWithoutItsKey) this.settle(entry.job._id);
    const idle = [...this.entries.values()].filter((entry) => entry.isDueForRecount()).slice(0, recountMax);
    if (idle.length === 0) return 0;
    const sums = await this.chunks.sums(idle.map(({ job }) => job._id));
    // What is being written may be in the record and not counted here yet.
    const busy = this.writer.busyJobs();
    const off = idle.filter((entry) => !busy.has(entry.job._id) && entry.recount(sums.get(entry.job._id) ?? nothing));
    for (const { job } of off) this.settle(job._id);
    return off.length;
  }

  /** Makes the moves that the job's situation calls for, one after the other. */
  settle(jobId: string): void {
    const entry = this.entries.get(jobId);
    if (!entry || this.settling.has(jobId) || entry.nextMove() === null) return;
    this.settling.add(jobId);
    inBackground('job-ledger.settle', () =>
      this.makeMoves(entry)
        .catch((error: unknown) => {
          // Tried again once a round: none of its tasks is given to a worker until the key is free.
          entry.isWithoutItsKey = error instanceof UniqueConflict;
          if (entry.isWithoutItsKey) return;
          this.faults.report(error);
          // Tried again with the next write or the next round of progress.
          entry.dirty = true;
        })
        .finally(() => this.settling.delete(jobId)),
    );
  }

  /** Makes one move now; null when the job's state does not allow it. Of one that a person asks for it is told who does. */
  async move(entry: LedgerEntry, move: JobMove, asked: Asked | null = null): Promise<JobRecord | null> {
    const { job } = entry;
    const { to, emits } = jobTransitions[move];
    const at = this.clock.now();
    const change = { ...changeOf(entry, move, new Date(at).toISOString()), ...holdPart(job, to) };
    const times = { startedAt: change.started_at ?? job.started_at, finishedAt: change.finished_at ?? null };
    const event: JobOutboxEntry | null = emits
      ? { id: `evt_${job._id}.${job.events + 1}`, name: emits, at, data: entry.eventData(emits, to, times, asked) }
      : null;
    const moved = await this.jobs.apply(job._id, move, change, event);
    if (!moved) return null;
    entry.isWithoutItsKey = false;
    entry.take(moved);
    if (event) this.outbox.publish(job._id, event);
    if (isFinished(to)) this.metrics.count('kintsugi_jobs_finished_total', { type: job.type, status: to });
    this.tellEnded(moved);
    if (move === 'recover') this.recovered(entry);
    return moved;
  }

  /** Sets the priority in the record; false when nothing of the job is to run any more. */
  async setPriority(entry: LedgerEntry, priority: number, by: string): Promise<boolean> {
    const { _id: jobId, status } = entry.job;
    const data = { jobs: [{ job_id: jobId, priority, status, by }] };
    const event: JobOutboxEntry = { id: `evt_${randomUUID()}`, name: 'job.reprioritised', at: this.clock.now(), data };
    if (!(await this.jobs.setPriority(jobId, priority, event))) return false;
    entry.job = { ...entry.job, priority };
    this.outbox.publish(jobId, event);
    return true;
  }

  /** Begins to delete a job that has ended; false, and nothing changed, where it has not. */
  async beginDeletion(entry: LedgerEntry): Promise<boolean> {
    if (entry.job.status === 'deleting') return true;
    // Its task may have been requeued a moment ago.
    if (openTasks(entry.counts) > 0 || entry.nextMove() !== null) return false;
    if (await this.move(entry, 'delete')) return true;
    // The answer to an earlier try may have been lost.
    const job = await this.jobs.find(entry.job._id);
    if (job) entry.take(job);
    return job === null || job.status === 'deleting';
  }

  /** Removes the record of a job that is being deleted, and forgets it. */
  async remove(jobId: string): Promise<void> {
    await this.jobs.remove(jobId);
    this.entries.delete(jobId);
  }

  private async makeMoves(entry: LedgerEntry): Promise<void> {
    for (let move = await this.moveOf(entry); move !== null; move = await this.moveOf(entry)) {
      entry.isToRecover = move === 'recover';
      if (await this.move(entry, move)) continue;
      const job = await this.jobs.find(entry.job._id);
      if (!job) return;
      entry.take(job);
      this.tellEnded(job);
    }
  }

  private async moveOf(entry: LedgerEntry): Promise<JobMove | null> {
    const move = entry.nextMove();
    if (move !== 'complete' && move !== 'fail') return move;
    // Others hear of a written change after this: what follows from it, they know only then.
    await Promise.resolve();
    if (this.mayEnd(entry)) return entry.nextMove();
    entry.dirty = true;
    return null;
  }

  private tellEnded(job: JobRecord): void {
    if (isFinished(job.status)) for (const listener of this.listeners) listener(job);
  }

  private async read(jobId: string): Promise<LedgerEntry | null> {
    let reading = this.loading.get(jobId);
    if (!reading) {
      reading = this.jobs
        .find(jobId)
        .then(async (job) => {
          if (job && !this.entries.has(jobId)) await this.takeIn([job]);
          this.settle(jobId);
          return this.entries.get(jobId) ?? null;
        })
        .finally(() => this.loading.delete(jobId));
      this.loading.set(jobId, reading);
    }
    return reading;
  }

  private async takeIn(jobs: readonly JobRecord[]): Promise<void> {
    const ids = jobs.map(({ _id }) => _id);
    const [sums, plans] = await Promise.all([this.chunks.sums(ids), this.chunks.planStates(ids)]);
    for (const job of jobs) {
      const plan: TaskState | null = plans.get(job._id) ?? (job.total_tasks === null ? 'ready' : null);
      this.entries.set(job._id, new LedgerEntry(job, sums.get(job._id) ?? nothing, plan));
    }
  }

  private async noteProgress(): Promise<void> {
    const dirty = [...this.entries.values()].filter((entry) => entry.dirty);
    for (const entry of dirty) {
      entry.dirty = false;
      this.settle(entry.job._id);
    }
    const moving = dirty.filter((entry) => !isFinished(entry.job.status));
    for (const entry of moving) this.publishProgress(entry);
    await this.jobs
      .noteProgress(moving.map((entry) => ({ jobId: entry.job._id, change: entry.snapshot() })))
      .catch(this.faults.report);
    this.evictEnded();
  }

  private publishProgress(entry: LedgerEntry): void {
    const { _id, status, started_at: startedAt } = entry.job;
    const now = this.clock.now();
    this.publisher.publishTransient({
      id: `evt_${_id}.progress.${now}`,
      name: 'job.progressed',
      source: '/kintsugi/job-service',
      subject: _id,
      time: new Date(now).toISOString(),
      data: entry.eventData('job.progressed', status, { startedAt, finishedAt: null }),
    });
  }

  /** Forgets jobs at rest of which nothing is in memory. */
  private evictEnded(): void {
    const live = this.live.jobIds();
    for (const [jobId, entry] of this.entries) {
      const { status } = entry.job;
      const atRest = (isFinished(status) || status === 'scheduled') && entry.nextMove() === null && !entry.dirty;
      if (atRest && !live.has(jobId) && !this.pins.has(jobId) && !this.settling.has(jobId)) this.entries.delete(jobId);
    }
  }
}
