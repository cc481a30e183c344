import {
  DEPENDENCY_FAILED,
  JOB_ABORTED,
  JOB_DEADLINE,
  brokenTaskStates,
  type EventInput,
  type EventName,
  type JobEndingInput,
  type TaskCounts,
  type TaskState,
} from '@kintsugi/contracts';
import type { TaskSums } from '../../tasks/domain/chunk.js';
import type { ChunkStats } from '../../tasks/domain/chunk-stats.js';
import type { Asked } from '../../tasks/domain/pause-moves.js';
import type { JobRecord } from './job.js';
import { isHeldBack, type JobMove } from './job-lifecycle.js';
import { detailedStatusOf, errorCountOf, sumOf } from './job-progress.js';
import { LatencyHistogram } from './latency-histogram.js';
import { nextMove } from './next-move.js';

/** Error types counted one by one. A handler that makes one of each task must not let the job outgrow its document and its events. */
const errorTypesMax = 200;
const otherErrorTypes = 'other';

/** A job that is not at rest, with what its chunks add up to as far as it is written. */
export class LedgerEntry {
  readonly counts: TaskCounts;
  firstTry: number;
  recovered: number;
  retries: number;
  planning: 'none' | 'open' | 'done' | 'broken' | 'cancelled';
  /** Whether the planning task has ever been given to a planner. */
  private planBegun: boolean;
  private phase: string | undefined;
  dirty = false;
  /** Whether it is to run again and cannot, because another job holds its unique key by now. */
  isWithoutItsKey = false;
  /** Whether it was found that it is to go on, until that is written: what was to run may have ended before. */
  isToRecover = false;
  /** Rounds since what it adds up to has changed here, and whether it was held against the record since. */
  private restingRounds = 0;
  private isHeld = false;
  /** Tasks that are real and counted here, null before they are planned. The stored job may be ahead of it for a moment. */
  private total: number | null;
  private opened: boolean;
  private readonly taskMs: LatencyHistogram;
  private readonly outcomeMs: LatencyHistogram;
  private readonly errorTypes: Record<string, number>;

  constructor(
    public job: JobRecord,
    sums: TaskSums,
    plan: TaskState | null,
  ) {
    this.counts = { ...sums.counts };
    this.firstTry = sums.first_try;
    this.recovered = sums.recovered;
    this.retries = sums.retries;
    this.planning = planningOf(plan);
    this.planBegun = plan !== null && plan !== 'ready';
    this.total = job.total_tasks;
    this.opened = job.opened;
    this.phase = job.phase;
    this.taskMs = new LatencyHistogram(job.task_ms);
    this.outcomeMs = new LatencyHistogram(job.outcome_ms);
    this.errorTypes = Object.assign(Object.create(null) as Record<string, number>, job.error_types);
  }

  /** Whether its status keeps its tasks from being given to workers, however many are ready. */
  get isHeldBack(): boolean {
    return isHeldBack(this.job.status) || this.isWithoutItsKey;
  }

  /** Whether its tasks are not there yet because their time, or what the job waits for, has not come. */
  get isToCome(): boolean {
    const { run_at: runAt, awaits } = this.job;
    return (runAt !== undefined || awaits !== undefined) && !this.opened && !this.isCancelling;
  }

  get isCancelling(): boolean {
    return this.job.status === 'cancelling' || this.job.status === 'cancelled';
  }

  /** Whether nothing of it is to run any more: it is cancelled, or what was left of it was stopped, and nobody has asked for more. */
  get isStopped(): boolean {
    return this.isCancelling || (this.job.status === 'failed' && this.job.expired === true);
  }

  /** Takes the record as a write has left it. Its priority is known here first: the answer of an older write may come later. */
  take(job: JobRecord): void {
    this.job = { ...job, priority: this.job.priority };
    this.isToRecover &&= job.status === 'failed';
  }

  /** Takes in the difference that a written chunk makes: what it added up to before and does now, and what happened. */
  add(isPlan: boolean, known: TaskSums, now: TaskSums, stats: ChunkStats): void {
    this.noteChange();
    for (const [type, count] of stats.failuresByType) this.countErrors(type, count);
    if (isPlan) {
      const [state] = Object.keys(now.counts) as TaskState[];
      this.planning = planningOf(state ?? null);
      this.planBegun ||= state !== 'ready';
      return;
    }
    for (const state of new Set([...Object.keys(known.counts), ...Object.keys(now.counts)]) as Set<TaskState>) {
      const count = (this.counts[state] ?? 0) + (now.counts[state] ?? 0) - (known.counts[state] ?? 0);
      if (count === 0) delete this.counts[state];
      else this.counts[state] = count;
    }
    this.firstTry += now.first_try - known.first_try;
    this.recovered += now.recovered - known.recovered;
    this.retries += now.retries - known.retries;
    for (const tookUs of stats.succeededUs) this.taskMs.add(tookUs / 1000);
    for (const outcomeMs of stats.outcomeMs) this.outcomeMs.add(outcomeMs);
  }

  /** Its deadline has passed: that is an error of its own, once. */
  noteExpired(): void {
    const { given_up: givenUp, aborted } = this.job;
    const type = givenUp ? DEPENDENCY_FAILED : aborted ? JOB_ABORTED : JOB_DEADLINE;
    if (!(type in this.errorTypes)) this.countErrors(type, 1);
  }

  private countErrors(type: string, count: number): void {
    const { errorTypes } = this;
    const isKept = type in errorTypes || Object.keys(errorTypes).length < errorTypesMax;
    const counted = isKept ? type : otherErrorTypes;
    errorTypes[counted] = (errorTypes[counted] ?? 0) + count;
    if (errorTypes[counted] <= 0) delete errorTypes[counted];
  }

  /** Whether its tasks are known, planned or given. */
  get isPlanned(): boolean {
    return this.total !== null;
  }

  /** The chunks that the job was accepted with have been made real. */
  noteOpened(): void {
    if (this.opened) return;
    this.opened = true;
    this.job = { ...this.job, opened: true };
    const { blocked_tasks: blocked = 0, opening } = this.job;
    if (blocked > 0) this.counts.blocked = blocked;
    if (opening) Object.assign(this.counts, opening);
    else this.addReady((this.total ?? 0) - blocked);
    this.noteChange();
  }

  /** The tasks that a planner has made have been made real. */
  notePlanned(tasks: number, chunks: number): void {
    if (this.isPlanned) return;
    this.total = tasks;
    this.job = { ...this.job, total_tasks: tasks, chunks };
    this.addReady(tasks);
  }

  /** What was planned has been dropped, because the job is being cancelled. */
  dropPlan(): void {
    this.planning = 'cancelled';
    this.dirty = true;
  }

  private addReady(tasks: number): void {
    this.counts.ready = (this.counts.ready ?? 0) + tasks;
    this.noteChange();
  }

  /** One of its tasks has named what it is busy with. */
  notePhase(phase: string): void {
    this.dirty ||= this.phase !== phase;
    this.phase = phase;
  }

  private noteChange(): void {
    this.restingRounds = 0;
    this.isHeld = false;
    this.dirty = true;
  }

  /** Asked once a round: whether nothing has changed for a round, and it was not held against the record since the last change. */
  isDueForRecount(): boolean {
    this.restingRounds += 1;
    return this.restingRounds > 1 && !this.isHeld && this.opened && this.isPlanned;
  }

  /** Puts right what the record says otherwise, provided that nothing has changed since it was asked. True when something was off. */
  recount(sums: TaskSums): boolean {
    if (this.restingRounds === 0) return false;
    this.isHeld = true;
    const states = Object.keys({ ...this.counts, ...sums.counts }) as TaskState[];
    if (states.every((state) => this.counts[state] === sums.counts[state])) return false;
    for (const state of states) delete this.counts[state];
    Object.assign(this.counts, sums.counts);
    this.firstTry = sums.first_try;
    this.recovered = sums.recovered;
    this.retries = sums.retries;
    this.dirty = true;
    return true;
  }

  /** Whether anything of it has been given to a worker. */
  get hasBegun(): boolean {
    const begunStates = ['leased', 'running', 'succeeded', 'failed', 'waiting_retry', ...brokenTaskStates] as const;
    return this.planBegun || this.retries > 0 || sumOf(this.counts, begunStates) > 0;
  }

  nextMove(): JobMove | null {
    const { total, opened, planning, counts, hasBegun } = this;
    const { status, expired = false } = this.job;
    if (this.isToRecover && status === 'failed' && !this.isWithoutItsKey) return 'recover';
    return nextMove({ status, counts, total, opened, planning, begun: hasBegun, expired });
  }

  /** How its tasks stand. Until they are real, which takes a while, or the time of the job, they stand as they were accepted. */
  private get standing(): TaskCounts {
    return { ...(this.opened ? this.counts : this.job.task_counts) };
  }

  /** What the stored job is told of its counts. */
  snapshot() {
    return {
      task_counts: this.standing,
      first_try: this.firstTry,
      recovered: this.recovered,
      retries: this.retries,
      error_types: { ...this.errorTypes },
      task_ms: this.taskMs.save(),
      outcome_ms: this.outcomeMs.save(),
      ...(this.phase === undefined ? {} : { phase: this.phase }),
    };
  }

  /** What the event of a move says. */
  eventData(
    name: EventName,
    status: JobRecord['status'],
    times: { startedAt: string | null; finishedAt: string | null },
    asked: Asked | null = null,
  ): EventInput<EventName> {
    const { _id: jobId, total_tasks: total } = this.job;
    if (name === 'job.started') return { jobs: [{ job_id: jobId, started_at: times.startedAt ?? '' }] };
    const by = asked?.by ?? '';
    if (name === 'job.paused') return { jobs: [{ job_id: jobId, status, by, stopped: asked?.stop ?? false }] };
    if (name === 'job.resumed') return { jobs: [{ job_id: jobId, status, by }] };
    if (name === 'job.released') return { jobs: [{ job_id: jobId, status }] };
    if (name === 'job.recovered') return { jobs: [{ job_id: jobId, status: 'recovering' }] };
    const counts = this.standing;
    const progress = { job_id: jobId, status, total_tasks: total, task_counts: counts };
    if (name === 'job.progressed') {
      const detailed_status = detailedStatusOf(status, counts, total, errorCountOf(this.errorTypes), this.phase);
      return { jobs: [{ ...progress, detailed_status }] };
    }
    const ending: JobEndingInput = {
      ...progress,
      started_at: times.startedAt,
      finished_at: times.finishedAt,
      retries: this.retries,
      recovered: this.recovered,
      first_try: this.firstTry,
      error_types: { ...this.errorTypes },
      task_ms: this.taskMs.summary(),
      submit_to_done_ms: this.outcomeMs.summary(),
    };
    return { jobs: [ending] };
  }
}

function planningOf(plan: TaskState | null): LedgerEntry['planning'] {
  if (plan === null) return 'none';
  if (plan === 'succeeded') return 'done';
  if (plan === 'cancelled') return 'cancelled';
  return (brokenTaskStates as readonly TaskState[]).includes(plan) ? 'broken' : 'open';
}
