import { after, inBackground } from '@kintsugi/boundary';
import {
  bundledJobId,
  jsonBytes,
  TASK_TIMEOUT,
  layParamsOver,
  limits,
  taskIdOf,
  typeOfQueue,
  utf8Length,
  type WorkHeader,
} from '@kintsugi/contracts';
import { describeFailure, type ErrorMapping } from './error-mapping.js';
import { HeldLease } from './held-lease.js';
import type { OutcomeReporter } from './outcome-reporter.js';
import { PastLeases } from './past-leases.js';
import { steadyNow } from './steady-now.js';
import { TaskRun, type HandedTask, type RunCalls, type RunLogging, type TaskHandler } from './task-context.js';
import { runTraced } from './traced-run.js';
import { TurnOfLoop } from './turn-of-loop.js';
import type { UsageMeter } from './usage-meter.js';
import { WaitingTasks, type WaitingTask } from './waiting-tasks.js';

/** Tasks that wait, with more of which a worker is busy. */
const manyWaiting = 256;
/** A handler whose time is over and that has not let go for so long keeps its slot for nothing. */
const stuckAfterMs = 2_000;

export interface TaskRunnerParts {
  slots: number;
  handlers: ReadonlyMap<string, TaskHandler>;
  mappings: readonly ErrorMapping[];
  reporter: Pick<OutcomeReporter, 'finished'>;
  calls?: RunCalls;
  logging?: RunLogging;
  meter?: Pick<UsageMeter, 'noteOwnUse'>;
  /** Told with each failure. */
  place?: RunPlace;
}

/** Where and of which version runs are. */
export interface RunPlace {
  host: string;
  version?: string;
}

/** Runs the tasks of the leases that come in, as many at once as there are slots, and tells the reporter how they end. */
export class TaskRunner {
  private readonly leases = new Map<string, HeldLease>();
  private readonly past = new PastLeases();
  private readonly waiting = new WaitingTasks();
  private readonly turn = new TurnOfLoop(() => this.fill());
  private running = 0;
  private draining = false;
  /** Runs under way whose time is over. */
  private readonly timedOut = new Set<TaskRun>();
  /** The slots that it gave last. */
  private usable = Infinity;
  private idle: (() => void)[] = [];

  constructor(private readonly parts: TaskRunnerParts) {}

  get all(): Iterable<HeldLease> {
    return this.leases.values();
  }

  /** Whether it has more to say than that it is there: what it holds, or that slots are free again which it said were not. */
  get isAtWork(): boolean {
    return this.leases.size > 0 || this.usable < this.parts.slots;
  }

  /** Takes a slice in; one that is or was held already is passed over, because it was sent twice. */
  take(header: WorkHeader, taskLines: readonly string[]): void {
    const lease = new HeldLease(header, Math.round(steadyNow()));
    if (this.leases.has(lease.key) || this.past.has(lease.key)) return;
    this.leases.set(lease.key, lease);
    header.indexes.forEach((index, position) => {
      if (this.draining) this.giveBack(lease, index);
      else this.waiting.add({ lease, position, line: taskLines[position] ?? '{}' });
    });
    this.fill();
  }

  /** Slots that are no handler's which should have stopped and does not. Behind the last of them nothing is left to wait. */
  usableSlots(now = performance.now()): number {
    const until = now - stuckAfterMs;
    const stuck = [...this.timedOut].filter(({ timedOut }) => timedOut && timedOut.at <= until).length;
    this.usable = Math.max(0, this.parts.slots - stuck);
    if (this.usable === 0) this.giveBackWaiting();
    return this.usable;
  }

  /** Starts no more tasks and hands back those that wait. */
  drain(): void {
    this.draining = true;
    this.giveBackWaiting();
  }

  private giveBackWaiting(): void {
    for (const { lease, position } of this.waiting.takeAll()) this.giveBack(lease, lease.header.indexes[position] as number);
  }

  /** Resolves once nothing runs or waits, or the time is over. */
  async finished(timeoutMs: number): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, timeoutMs);
      this.idle.push(() => {
        clearTimeout(deadline);
        resolve();
      });
    });
  }

  private get isIdle(): boolean {
    return this.running === 0 && this.waiting.size === 0;
  }

  cancel(chunkId: string, indexes: readonly number[]): void {
    for (const lease of this.leases.values()) {
      if (lease.header.chunk_id !== chunkId) continue;
      for (const index of indexes) {
        lease.running.get(index)?.run.abort(new Error('The job was cancelled.'));
        this.cancelWaiting(lease, index);
      }
    }
  }

  /** The job is paused: what waits is handed back, what runs is stopped. Unsafe tasks that run go on: they may have taken effect. */
  handBack(chunkId: string, indexes: readonly number[]): void {
    for (const lease of this.leases.values()) {
      if (lease.header.chunk_id !== chunkId) continue;
      for (const index of indexes) {
        if (lease.header.safety !== 'unsafe') lease.running.get(index)?.run.abort(new Error('The job was paused.'));
        if (this.takeWaiting(lease, index)) this.giveBack(lease, index);
      }
    }
  }

  /** The lease has passed on: what waits is not started; what runs is stopped and nothing told, unless it is unsafe. */
  revoke(chunkId: string, fence: number): void {
    const key = `${chunkId}#${fence}`;
    const lease = this.leases.get(key);
    if (lease) lease.revoked = true;
    if (lease && !lease.isSilent) return;
    for (const { run } of lease?.running.values() ?? []) run.abort(new Error('The lease has passed to another worker.'));
    this.forget(key);
  }

  /** Forgets leases that are over. */
  evict(leases: readonly HeldLease[]): void {
    for (const lease of leases) if (lease.isOver) this.forget(lease.key);
  }

  private forget(key: string): void {
    this.leases.delete(key);
    this.past.add(key);
  }

  /** False where the task does not wait. */
  private takeWaiting(lease: HeldLease, index: number): boolean {
    return this.waiting.remove(lease, lease.header.indexes.indexOf(index));
  }

  private cancelWaiting(lease: HeldLease, index: number): void {
    if (!this.takeWaiting(lease, index)) return;
    const failure = { index, took_us: 0, error_type: 'task.cancelled', error_message: 'The job was cancelled.', cancelled: true };
    lease.failed(failure, steadyNow(), null);
    this.parts.reporter.finished(lease, jsonBytes(failure));
  }

  private giveBack(lease: HeldLease, index: number): void {
    lease.returned(index);
    this.parts.reporter.finished(lease, 0);
  }

  private fill(): void {
    while (this.running < this.parts.slots && this.waiting.size > 0 && !this.turn.isOver) {
      const task = this.waiting.next() as WaitingTask;
      if (task.lease.revoked) this.drop(task.lease);
      else inBackground('task-runner', () => this.run(task));
    }
    if (this.isIdle) this.tellIdle();
  }

  private drop(lease: HeldLease): void {
    lease.dropped();
    this.evict([lease]);
  }

  private async run({ lease, position, line }: WaitingTask): Promise<void> {
    const { header } = lease;
    const index = header.indexes[position] as number;
    this.running += 1;
    const startedAt = steadyNow();
    const begun = performance.now();
    let run: TaskRun | null = null;
    let timer: NodeJS.Timeout | null = null;
    try {
      const { calls, logging } = this.parts;
      run = new TaskRun(readTask(header, index, line), header.attempts[position] ?? 1, calls, logging, header);
      lease.running.set(index, { run, startedAt });
      if (header.timeout_s !== undefined) timer = this.timing(run, header.timeout_s);
      const handler = this.parts.handlers.get(header.queue);
      if (!handler) throw new Error(`No handler for ${header.queue}.`);
      const result = await runTraced(handler, run, header, index);
      run.endSteps();
      this.succeed(lease, index, startedAt, begun, result, run);
    } catch (error) {
      this.fail(lease, index, startedAt, begun, error, run);
    }
    if (timer) clearTimeout(timer);
    if (run) this.finishRun(run);
    if (run?.ownUse) this.parts.meter?.noteOwnUse(header, index, run.ownUse, true);
    lease.running.delete(index);
    this.running -= 1;
    this.fill();
  }

  private succeed(lease: HeldLease, index: number, startedAt: number, begun: number, result: unknown, run: TaskRun): void {
    if (lease.isSilent) return lease.dropped();
    const { kept, bytes } = keepResult(result);
    lease.succeeded(index, startedAt, tookUs(begun), kept, run.lines, run.isVerified);
    this.report(lease, bytes + sizeOf(run.lines));
  }

  private fail(lease: HeldLease, index: number, startedAt: number, begun: number, error: unknown, run: TaskRun | null): void {
    if (lease.isSilent) return lease.dropped();
    const { result, ...described } = describeFailure(error, this.parts.mappings, (line) => run?.log(line, 'warn'), run?.masked);
    const failure = run?.timedOut ? { ...described, error_type: TASK_TIMEOUT, error_message: run.timedOut.message } : described;
    const { kept, bytes } = keepResult(result);
    const lines = run?.lines ?? null;
    const cancelled = run?.isAborted ? { cancelled: true } : {};
    lease.failed({ ...failure, ...this.parts.place, index, took_us: tookUs(begun), ...cancelled }, startedAt, lines, kept);
    this.report(lease, jsonBytes(failure) + bytes + sizeOf(lines));
  }

  private report(lease: HeldLease, bytes: number): void {
    this.parts.reporter.finished(lease, bytes, this.waiting.size > manyWaiting);
  }

  private finishRun(run: TaskRun): void {
    this.timedOut.delete(run);
    run.endLog();
  }

  private timing(run: TaskRun, timeoutS: number): NodeJS.Timeout {
    return after('task-runner.timeout', timeoutS * 1_000, () => {
      run.timeOut(timeoutS);
      this.timedOut.add(run);
    });
  }

  private tellIdle(): void {
    const listeners = this.idle;
    this.idle = [];
    for (const listener of listeners) listener();
  }
}

function readTask(header: WorkHeader, index: number, line: string): HandedTask {
  const { id, payload } = JSON.parse(line) as { id?: string; payload?: unknown };
  const params = header.params?.[index];
  return {
    id: taskIdOf(header.chunk_id, index),
    key: id ?? null,
    job_id: header.job_id ?? bundledJobId(header.chunk_id, index),
    type: typeOfQueue(header.queue),
    payload: params ? layParamsOver(payload, params) : (payload ?? null),
  };
}

/**
 * The result as it is kept: JSON of bounded size, and a copy, because the handler may go on changing what it gave; what
 * cannot be kept is replaced by a note that says so.
 */
function keepResult(result: unknown): { kept: unknown; bytes: number } {
  if (result === undefined || result === null) return { kept: undefined, bytes: 0 };
  try {
    const text = JSON.stringify(result);
    if (text === undefined) return { kept: undefined, bytes: 0 };
    const bytes = utf8Length(text);
    if (bytes <= limits.resultBytes) return { kept: JSON.parse(text) as unknown, bytes };
    return { kept: { result_dropped: `${bytes} bytes are more than the ${limits.resultBytes} that are kept` }, bytes: 100 };
  } catch {
    return { kept: { result_dropped: 'it is not JSON' }, bytes: 50 };
  }
}

function tookUs(begun: number): number {
  return Math.max(0, Math.round((performance.now() - begun) * 1000));
}

function sizeOf(lines: readonly string[] | null): number {
  return lines === null ? 0 : jsonBytes(lines);
}
