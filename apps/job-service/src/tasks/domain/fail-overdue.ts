import { TASK_TIMEOUT } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';
import { recordOutcome } from './record-outcome.js';

/**
 * Tasks of a lease that should have stopped by `until`. None of unsafe ones: while their handler runs, nobody can tell whether
 * they take effect.
 */
export function overdueOf(chunk: Chunk, fence: number, until: number): number[] {
  const { timeoutS, safety } = chunk.identity;
  if (timeoutS === undefined || safety === 'unsafe') return [];
  const started = (index: number): number => chunk.state.startedAt[index] ?? until;
  return (chunk.leaseOf(fence)?.indexes ?? []).filter(
    (index) => chunk.stateOf(index) === 'running' && started(index) + timeoutS * 1_000 < until,
  );
}

/** Takes their runs for failed, as if their worker had said so; what it says later is refused. False where nothing changed. */
export function failOverdue(chunk: Chunk, fence: number, indexes: readonly number[], now: number): boolean {
  const startOf = (index: number): number => chunk.state.startedAt[index] ?? now;
  const base = Math.min(...indexes.map(startOf));
  const failed = indexes.map((index) => ({
    index,
    started: startOf(index) - base,
    took_us: Math.max(0, now - startOf(index)) * 1_000,
    error_type: TASK_TIMEOUT,
    error_message: `It ran longer than ${chunk.identity.timeoutS} s, the timeout_s of its job, and its handler did not let go.`,
  }));
  const outcome = { chunk_id: chunk.id, fence, base_ms: base, done: [], started: [], took_us: [], failed, returned: [] };
  return recordOutcome(chunk, outcome, now).taken > 0;
}
