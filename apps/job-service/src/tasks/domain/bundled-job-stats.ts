import { brokenTaskStates, type RunStats } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';

/** What the runs of a single-task job add up to, read from its task. */
export function bundledJobStats(chunk: Chunk, index: number): RunStats {
  const { state, identity } = chunk;
  const succeeded = chunk.stateOf(index) === 'succeeded';
  const attempts = state.attempts[index] ?? 0;
  const runMs = (state.tookUs[index] ?? 0) / 1000;
  const outcomeMs = wholeUs((state.startedAt[index] ?? 0) + runMs - identity.acceptedAt);
  return {
    retries: Math.max(0, attempts - 1),
    recovered: succeeded && (state.failures[index] ?? 0) > 0 ? 1 : 0,
    first_try: succeeded && attempts === 1 ? 1 : 0,
    task_ms: succeeded ? { p50_ms: runMs, p99_ms: runMs } : null,
    submit_to_done_ms: succeeded ? { p50_ms: outcomeMs, p99_ms: outcomeMs } : null,
  };
}

/** Runs of it that failed; one that ended the task by the loss of its worker is one, and not among the task's failures. */
export function bundledJobErrors(chunk: Chunk, index: number): number {
  const { failures, extras } = chunk.state;
  const endedByLoss = endedByLossStates.some((state) => state === chunk.stateOf(index));
  return Math.max((failures[index] ?? 0) + (endedByLoss ? 1 : 0), extras.errors[index] ? 1 : 0);
}

const endedByLossStates = brokenTaskStates.filter((state) => state !== 'dead');

function wholeUs(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
