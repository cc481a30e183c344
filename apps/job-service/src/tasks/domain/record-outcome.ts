import { withoutGaps, type LeaseOutcome, type RunFacts, type TaskFailure } from '@kintsugi/contracts';
import type { Chunk, Lease } from './chunk.js';
import { keptResult } from './kept-result.js';
import { WORKER_LOST } from './lose-lease.js';
import { noteStart } from './note-start.js';
import { boundRun, type Run } from './run-bounds.js';
import { noteEndWithoutRun, settleBundledJobs } from './settle-bundled-jobs.js';

export interface RecordedOutcome {
  /** Tasks whose result was taken. */
  taken: number;
  /** Tasks whose lease had passed on; their result was refused. */
  fenced: number;
}

/**
 * Takes what the holder of a lease reports. A report under a token that the chunk no longer knows changes nothing.
 */
export function recordOutcome(chunk: Chunk, outcome: LeaseOutcome, now: number): RecordedOutcome {
  const lease = chunk.leaseOf(outcome.fence);
  const held = new Set(lease?.indexes);
  const fenced = refusedOf(chunk, outcome, held);
  if (!lease) return { taken: 0, fenced };
  const before = held.size;
  const bound = (run: Run): Run => boundRun(run, chunk, lease, now);
  const recovered = takeSuccesses(chunk, outcome, held, bound);
  const failed = outcome.failed
    .filter((failure) => takeFailure(chunk, { outcome, lease, held, bound, now }, failure))
    .map(({ index }) => index);
  if (failed.length > 0) keepResults(chunk, outcome, new Set(failed));
  for (const index of outcome.returned) takeReturn(chunk, index, held, now);
  for (const [index, lines] of Object.entries(outcome.logs ?? {})) {
    if (lease.indexes.includes(Number(index)) && !held.has(Number(index))) chunk.setExtra('logs', Number(index), lines);
  }
  const settled = lease.indexes.filter((index) => !held.has(index));
  for (const index in chunk.state.extras.stop) {
    if (settled.includes(Number(index))) chunk.setExtra('stop', Number(index), undefined);
  }
  shrinkLease(chunk, lease, held);
  if (lease.lost) for (const index of settled) forgetLoss(chunk, index);
  const cleared = lease.lost ? settled.filter((index) => chunk.stateOf(index) !== 'failed') : [];
  if (chunk.identity.jobs) chunk.emit('job.recovered', cleared, now);
  // A late report heals what was told as lost, although no run of it had failed.
  const healed = cleared.filter((index) => chunk.stateOf(index) === 'succeeded');
  const well = [...new Set([...recovered, ...healed])];
  const verified = outcome.verified?.filter((index) => well.includes(index)) ?? [];
  chunk.emit('task.recovered', well, now, verified.length > 0 ? { verified } : {});
  chunk.emit('task.failed', failed, now);
  settleBundledJobs(chunk, settled, now);
  return { taken: before - held.size, fenced };
}

/**
 * Results that come from a run which the record knows nothing of. The receipt of a report can be lost, so the same run
 * may be reported twice: that is refused as well, but it is no result. Runs are told apart by how long they took.
 */
function refusedOf(chunk: Chunk, outcome: LeaseOutcome, held: ReadonlySet<number>): number {
  const isAnother = (index: number, tookUs: number | undefined): boolean =>
    !held.has(index) && (chunk.state.startedAt[index] === 0 || chunk.state.tookUs[index] !== (tookUs ?? 0));
  const done = outcome.done.filter((index, position) => isAnother(index, outcome.took_us[position]));
  return done.length + outcome.failed.filter(({ index, took_us }) => isAnother(index, took_us)).length;
}

/** Gives the indexes that had failed before. */
function takeSuccesses(chunk: Chunk, outcome: LeaseOutcome, held: Set<number>, bound: (run: Run) => Run): number[] {
  const { state, identity } = chunk;
  const recovered: number[] = [];
  const taken = new Set<number>();
  outcome.done.forEach((index, position) => {
    if (!held.has(index) || !chunk.move(index, 'succeed')) return;
    held.delete(index);
    taken.add(index);
    chunk.setExtra('losses', index, undefined);
    const told = { startedAt: outcome.base_ms + (outcome.started[position] ?? 0), tookUs: outcome.took_us[position] ?? 0 };
    const run = bound(told);
    noteRun(chunk, run, index);
    chunk.stats.succeededUs.push(run.tookUs);
    chunk.stats.outcomeMs.push(run.startedAt + run.tookUs / 1000 - identity.acceptedAt);
    if ((state.failures[index] ?? 0) > 0) {
      recovered.push(index);
      state.recovered += 1;
      chunk.setExtra('errors', index, undefined);
      chunk.setExtra('results', index, undefined);
    } else if (state.attempts[index] === 1) state.firstTry += 1;
  });
  keepResults(chunk, outcome, taken);
  return recovered;
}

function keepResults(chunk: Chunk, { results = {} }: LeaseOutcome, of: ReadonlySet<number>): void {
  for (const [index, result] of Object.entries(results)) {
    if (of.has(Number(index))) chunk.setExtra('results', Number(index), keptResult(result));
  }
}

interface Reported {
  outcome: LeaseOutcome;
  lease: Lease;
  held: Set<number>;
  bound: (run: Run) => Run;
  now: number;
}

/** Gives whether recovery has to hear of the failure. */
function takeFailure(chunk: Chunk, { outcome, lease, held, bound, now }: Reported, failure: TaskFailure): boolean {
  const { index } = failure;
  if (!held.has(index)) return false;
  if (isHandedBack(chunk, failure)) {
    takeReturn(chunk, index, held, now);
    chunk.setExtra('losses', index, undefined);
    return false;
  }
  const cancelled = failure.cancelled === true || chunk.isCancelRequested(index);
  const stopped = chunk.stateOf(index) === 'outcome_unknown' ? 'stop' : 'cancel';
  if (!chunk.move(index, cancelled ? stopped : 'fail')) return false;
  held.delete(index);
  // Whose worker lives to tell of it has killed nobody.
  chunk.setExtra('losses', index, undefined);
  const run = bound({ startedAt: outcome.base_ms + failure.started, tookUs: failure.took_us });
  noteRun(chunk, run, index);
  if (cancelled) {
    chunk.stats.cancelled += 1;
    return false;
  }
  chunk.state.failures[index] = Math.min(255, (chunk.state.failures[index] ?? 0) + 1);
  chunk.stats.failed(failure.error_type, run.tookUs);
  chunk.setExtra('results', index, undefined);
  chunk.setExtra('errors', index, {
    error_type: failure.error_type,
    error_message: failure.error_message,
    ...(failure.stack_trace ? { stack_trace: failure.stack_trace } : {}),
    non_retryable: failure.non_retryable ?? false,
    retry_after_ms: failure.retry_after_ms ?? null,
    attempt: chunk.state.attempts[index] ?? 1,
    at: now,
    run: runFactsOf(failure, lease, run),
  });
  return true;
}

function runFactsOf({ host, version, dependency }: TaskFailure, lease: Lease, run: Run): RunFacts {
  return withoutGaps({ took_ms: run.tookUs / 1_000, worker: lease.workerId, host, version, dependency });
}

/** It was stopped because its job is paused, and not because that is cancelled. */
function isHandedBack(chunk: Chunk, { index, cancelled }: TaskFailure): boolean {
  return cancelled === true && chunk.state.extras.stop[index] === true && !chunk.isCancelRequested(index);
}

function takeReturn(chunk: Chunk, index: number, held: Set<number>, now: number): void {
  const isCancelled = chunk.isCancelRequested(index);
  if (!held.has(index) || !chunk.move(index, isCancelled ? 'cancel' : 'return')) return;
  held.delete(index);
  if (isCancelled) noteEndWithoutRun(chunk, index, now);
  // It was never started, or stopped because its job is paused: the run does not count.
  const attempts = chunk.state.attempts[index] ?? 1;
  if (attempts > 1) chunk.state.retries -= 1;
  chunk.state.attempts[index] = Math.max(0, attempts - 1);
  if (attempts <= 1) chunk.state.startedAt[index] = 0;
  chunk.stats.returned += 1;
}

/** What was told as the loss of its worker was none: the worker has told how it ended. */
function forgetLoss(chunk: Chunk, index: number): void {
  const { stats, state } = chunk;
  chunk.setExtra('ended', index, undefined);
  stats.failuresByType.set(WORKER_LOST, (stats.failuresByType.get(WORKER_LOST) ?? 0) - 1);
  if (state.extras.errors[index]?.error_type === WORKER_LOST) chunk.setExtra('errors', index, undefined);
}

function noteRun(chunk: Chunk, { startedAt, tookUs }: Run, index: number): void {
  noteStart(chunk, index, startedAt);
  chunk.state.tookUs[index] = tookUs;
}

function shrinkLease(chunk: Chunk, lease: Lease, held: Set<number>): void {
  lease.indexes = lease.indexes.filter((index) => held.has(index));
  if (lease.indexes.length === 0) chunk.state.leases = chunk.state.leases.filter((other) => other !== lease);
}
