import { limits, type LeaseOutcome, type TaskFailure, type WorkHeader } from '@kintsugi/contracts';
import type { TaskRun } from './task-context.js';

/** A lease that this worker holds: which of its tasks are under way, and what is finished and not yet reported. */
export class HeldLease {
  /** Runs under way, by index, with their start in epoch ms. */
  readonly running = new Map<number, { run: TaskRun; startedAt: number }>();
  /** The lease has passed to others: what waits is not started. */
  revoked = false;
  /** Reports sent and not yet receipted. */
  unreceipted = 0;
  private outcome: LeaseOutcome | null = null;
  private unfinished: number;

  constructor(
    readonly header: WorkHeader,
    private readonly baseMs: number,
  ) {
    this.unfinished = header.indexes.length;
  }

  get key(): string {
    return `${this.header.chunk_id}#${this.header.fence}`;
  }

  /** Nothing runs, waits or is left to be reported or receipted. */
  get isOver(): boolean {
    return this.unfinished === 0 && this.outcome === null && this.unreceipted === 0;
  }

  /** What still runs is stopped and not reported. An unsafe task is: nobody else can tell whether it took effect. */
  get isSilent(): boolean {
    return this.revoked && this.header.safety !== 'unsafe';
  }

  get hasReport(): boolean {
    return this.outcome !== null;
  }

  succeeded(
    index: number,
    startedAt: number,
    tookUs: number,
    result: unknown,
    lines: string[] | null,
    isVerified: boolean,
  ): void {
    const outcome = this.begin();
    outcome.done.push(index);
    outcome.started.push(Math.round(startedAt - this.baseMs));
    outcome.took_us.push(tookUs);
    if (isVerified) (outcome.verified ??= []).push(index);
    if (result !== undefined) (outcome.results ??= {})[index] = result;
    this.keepLines(outcome, index, lines);
    this.unfinished -= 1;
  }

  failed(failure: Omit<TaskFailure, 'started'>, startedAt: number, lines: string[] | null, result?: unknown): void {
    const outcome = this.begin();
    outcome.failed.push({ ...failure, started: Math.round(startedAt - this.baseMs) });
    if (result !== undefined) (outcome.results ??= {})[failure.index] = result;
    this.keepLines(outcome, failure.index, lines);
    this.unfinished -= 1;
  }

  returned(index: number): void {
    this.begin().returned.push(index);
    this.unfinished -= 1;
  }

  /** The task is over and nobody is told: its lease had passed on. */
  dropped(): void {
    this.unfinished -= 1;
  }

  /** Hands over what is finished since the last report. */
  takeReport(): LeaseOutcome | null {
    const { outcome } = this;
    this.outcome = null;
    return outcome;
  }

  private begin(): LeaseOutcome {
    this.outcome ??= {
      chunk_id: this.header.chunk_id,
      fence: this.header.fence,
      base_ms: this.baseMs,
      done: [],
      started: [],
      took_us: [],
      failed: [],
      returned: [],
    };
    return this.outcome;
  }

  private keepLines(outcome: LeaseOutcome, index: number, lines: string[] | null): void {
    if (lines && lines.length > 0) (outcome.logs ??= {})[index] = lines.slice(-limits.logLines);
  }
}
