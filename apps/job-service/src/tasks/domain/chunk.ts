import {
  PLAN_SEQUENCE,
  taskIdOf,
  taskStateLetters,
  taskStates,
  utf8Length,
  type ChunkEventName,
  type JobHead,
  type JobStatus,
  type RetrySettings,
  type SafetyClass,
  type TaskCounts,
  type TaskState,
} from '@kintsugi/contracts';
import { changeIn, isPromisedWith, type ChunkChange } from './chunk-change.js';
import { ChunkStats } from './chunk-stats.js';
import type { SaidOfJob } from './said-of-job.js';
import { noExtras, type TaskExtras } from './task-extras.js';
import { mayMove, openTaskStates, taskTransitions, type TaskMove } from './task-lifecycle.js';
import { mostUrgentOf, priorityNow } from './task-priorities.js';

/** What never changes in a chunk's life. */
export interface ChunkIdentity extends SaidOfJob {
  id: string;
  /** The job that owns the chunk; null for a bundle of single-task jobs. */
  jobId: string | null;
  queue: string;
  /** 0 to 9, as it was accepted with; 9 goes first. */
  priority: number;
  safety: SafetyClass;
  count: number;
  acceptedAt: number;
  retryConfig: RetrySettings | null;
  /** In a bundle, the job of each index; null at one that was left empty or whose job was deleted. */
  jobs: readonly (BundledJob | null)[] | null;
}

type NotOfHead = 'idempotency_key' | 'validate_only' | 'priority' | 'safety' | 'type' | 'user_id';

/** A single-task job as its bundle keeps it. */
export interface BundledJob extends Omit<JobHead, NotOfHead> {
  id: string;
  user_id: string;
  tenant?: string;
  traceparent?: string;
}

export interface Lease {
  fence: number;
  workerId: string;
  /** Tasks that it still holds. */
  indexes: number[];
  leasedAt: number;
  /** The worker was lost while it held unsafe tasks: a late report of this lease still clears them up. */
  lost?: true;
}

/** An event that the chunk has promised and the relay has to publish; its data is read from the chunk. */
export interface OutboxEntry {
  id: string;
  name: ChunkEventName;
  indexes: number[];
  at: number;
  /** Of a move that a person asked for, as it was then. */
  asked?: { by: string; status: JobStatus; stopped: boolean };
  verified?: number[];
}

/** What tasks add up to. */
export interface TaskSums {
  counts: TaskCounts;
  first_try: number;
  recovered: number;
  retries: number;
}

export interface ChunkState {
  version: number;
  fence: number;
  events: number;
  states: Uint8Array;
  attempts: Uint8Array;
  failures: Uint8Array;
  /** Epoch ms of the last start; 0 before the first. */
  startedAt: Float64Array;
  /** Microseconds that the last run took. */
  tookUs: Uint32Array;
  leases: Lease[];
  extras: TaskExtras;
  /** Events that were promised and not published when the chunk was read. */
  outbox: OutboxEntry[];
  firstTry: number;
  recovered: number;
  retries: number;
}

type Codes = Record<TaskState, number>;
const letterCodes = Object.fromEntries(taskStates.map((state) => [state, taskStateLetters[state].charCodeAt(0)])) as Codes;
/** Stands for ready while the job of the task is paused, in a bundle: whoever looks for ready tasks passes over it. */
const pausedCode = 'z'.charCodeAt(0);
const statesByCode = new Map([
  ...taskStates.map((state) => [letterCodes[state], state] as const),
  [pausedCode, 'ready' as const],
]);

/**
 * Up to 256 tasks that are stored and move together. All changes are made in memory by moves of the lifecycle and
 * are then written as one conditional update; nothing of a change leaves the process before that write.
 */
export class Chunk {
  /** What happened since the last change, for the job's ledger and the metrics. */
  stats = new ChunkStats();
  /** The sums that the job's ledger knows: those of the last write that it was told of. */
  known: TaskSums;
  /** What running tasks say they are busy with; not kept for a crash. */
  readonly phases = new Map<number, string>();
  /** Where it stands among the chunks of its queue. It stays the same while the chunk is in a window. */
  priority: number;
  /** Paths of `extras` that the next change has to carry. */
  readonly changedExtras = new Set<`${keyof TaskExtras}.${number}`>();
  /** Events promised since the last change. */
  promised: OutboxEntry[] = [];
  /** Tasks by the code of their state. */
  private readonly counts = new Map<number, number>();

  constructor(
    readonly identity: ChunkIdentity,
    readonly state: ChunkState,
    /** The task lines, while they are in memory. */
    public lines: string[] | null,
  ) {
    for (let index = 0; index < identity.count; index += 1) this.shift(this.state.states[index] ?? 0, 1);
    this.priority = priorityNow(this);
    // A fresh chunk is news to the ledger; one that was loaded is in its sums already.
    this.known = state.version === 0 ? { counts: {}, first_try: 0, recovered: 0, retries: 0 } : this.sums();
  }

  static fresh(identity: ChunkIdentity, lines: string[]): Chunk {
    const { count } = identity;
    return new Chunk(
      identity,
      {
        ...{ version: 0, fence: 0, events: 0 },
        states: new Uint8Array(count).fill(letterCodes.ready),
        attempts: new Uint8Array(count),
        failures: new Uint8Array(count),
        startedAt: new Float64Array(count),
        tookUs: new Uint32Array(count),
        leases: [],
        extras: noExtras(),
        outbox: [],
        ...{ firstTry: 0, recovered: 0, retries: 0 },
      },
      lines,
    );
  }

  /** The state that a letter of the stored states stands for. */
  static stateOfCode(code: number): TaskState | undefined {
    return statesByCode.get(code);
  }

  /** The stored form of states. */
  static codesOf(states: readonly TaskState[]): Uint8Array {
    return Uint8Array.from(states, (state) => letterCodes[state]);
  }

  get id(): string {
    return this.identity.id;
  }

  stateOf(index: number): TaskState {
    return statesByCode.get(this.state.states[index] ?? 0) ?? 'blocked';
  }

  taskId(index: number): string {
    return taskIdOf(this.id, index);
  }

  /** The job that a task belongs to. */
  jobIdOf(index: number): string {
    return this.identity.jobId ?? this.identity.jobs?.[index]?.id ?? '';
  }

  /** Makes a move if the lifecycle allows it; false, and no change, if not. */
  move(index: number, move: TaskMove): boolean {
    const from = this.stateOf(index);
    if (index >= this.identity.count || !mayMove(from, move)) return false;
    const { to } = taskTransitions[move];
    this.put(index, to === 'ready' && this.isPaused(index) ? pausedCode : letterCodes[to]);
    return true;
  }

  /** Notes whether the job of a task in a bundle is paused. While it is, the task does not count as ready, however it stands. */
  setPaused(index: number, isPaused: boolean): void {
    this.setExtra('paused', index, isPaused ? true : undefined);
    if (this.stateOf(index) === 'ready') this.put(index, isPaused ? pausedCode : letterCodes.ready);
  }

  isPaused(index: number): boolean {
    return this.state.extras.paused[index] === true;
  }

  isCancelRequested(index: number): boolean {
    return this.state.extras.cancel[index] === true;
  }

  /** Tasks in a state; of the ready ones, those that may be given to a worker. */
  count(state: TaskState): number {
    return this.counts.get(letterCodes[state]) ?? 0;
  }

  /** Tasks by state, without the states that no task is in. */
  tally(): TaskCounts {
    const tally: TaskCounts = {};
    for (const [code, count] of this.counts) {
      const state = statesByCode.get(code);
      if (state && count > 0) tally[state] = (tally[state] ?? 0) + count;
    }
    return tally;
  }

  /** What the chunk adds to its job's sums. */
  sums(): TaskSums {
    const { firstTry, recovered, retries } = this.state;
    return { counts: this.tally(), first_try: firstTry, recovered, retries };
  }

  /** Whether it holds the planning task of its job instead of tasks. */
  get isPlan(): boolean {
    return this.id.endsWith(PLAN_SEQUENCE);
  }

  /** Tasks that keep the job from ending. */
  get open(): number {
    return openTaskStates.reduce((sum, state) => sum + this.count(state), this.counts.get(pausedCode) ?? 0);
  }

  /** The first `most` ready indexes that are wanted, of the highest priority, and fit into `bytes`; at least one, if there is one. */
  readyIndexes(most: number, bytes: number, isWanted: ((index: number) => boolean) | null = null): number[] {
    const indexes: number[] = [];
    let size = 0;
    const mayGo = mostUrgentOf(this, isWanted);
    for (let index = 0; index < this.identity.count && indexes.length < most; index += 1) {
      if (this.state.states[index] !== letterCodes.ready || mayGo?.(index) === false) continue;
      size += utf8Length(this.lines?.[index] ?? '') + utf8Length(this.state.extras.params[index] ?? '');
      if (indexes.length > 0 && size > bytes) break;
      indexes.push(index);
    }
    return indexes;
  }

  indexesIn(...wanted: TaskState[]): number[] {
    const codes = new Set(wanted.map((state) => letterCodes[state]));
    const indexes: number[] = [];
    this.state.states.forEach((code, index) => {
      if (codes.has(code)) indexes.push(index);
    });
    return indexes;
  }

  leaseOf(fence: number): Lease | undefined {
    return this.state.leases.find((lease) => lease.fence === fence);
  }

  setExtra<Kind extends keyof TaskExtras>(kind: Kind, index: number, value: TaskExtras[Kind][number] | undefined): void {
    const extras = this.state.extras[kind] as Record<number, unknown>;
    if (value === undefined && !(index in extras)) return;
    if (value === undefined) delete extras[index];
    else extras[index] = value;
    this.changedExtras.add(`${kind}.${index}`);
  }

  /** Hands over all that has changed since the change before, which makes the next version of the chunk. */
  takeChange(): ChunkChange {
    const change = changeIn(this);
    this.state.version = change.version;
    this.changedExtras.clear();
    this.promised = [];
    this.stats = new ChunkStats();
    return change;
  }

  /** Promises an event; it is written with the change that caused it. */
  emit(name: OutboxEntry['name'], indexes: number[], now: number, told: Pick<OutboxEntry, 'asked' | 'verified'> = {}): void {
    if (indexes.length === 0 || isPromisedWith(this.promised, { name, indexes, at: now, ...told })) return;
    this.state.events += 1;
    this.promised.push({ id: `evt_${this.id}.${this.state.events}`, name, indexes, at: now, ...told });
  }

  private put(index: number, code: number): void {
    this.shift(this.state.states[index] ?? 0, -1);
    this.state.states[index] = code;
    this.shift(code, 1);
  }

  private shift(code: number, by: number): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + by);
  }
}
