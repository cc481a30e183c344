import type { Chunk } from './chunk.js';
import { settleBundledJobs } from './settle-bundled-jobs.js';

/** The error type of tasks whose worker was lost too often, or while an unsafe task may have been running. */
export const WORKER_LOST = 'worker.lost';

/**
 * The holder of a lease was lost. Tasks that may run again become ready; an unsafe task's outcome is unknown;
 * a task that has now lost `lossesMax` workers is quarantined, because it may be what kills them.
 */
export function loseLease(chunk: Chunk, fence: number, options: { lossesMax: number; now: number }): void {
  const lease = chunk.leaseOf(fence);
  if (!lease || lease.lost) return;
  const { state, identity } = chunk;
  const held = [...lease.indexes];
  const told: number[] = [];
  const unclear: number[] = [];
  for (const index of held) {
    chunk.facts.lost += 1;
    if (chunk.isCancelRequested(index) && identity.safety !== 'unsafe') {
      chunk.move(index, 'cancel');
      continue;
    }
    const losses = (state.attempts[index] ?? 0) - (state.failures[index] ?? 0);
    const move = identity.safety === 'unsafe' ? 'lose' : losses >= options.lossesMax ? 'quarantine' : 'return';
    if (!chunk.move(index, move)) continue;
    if (move === 'lose') unclear.push(index);
    if (move !== 'return') {
      told.push(index);
      noteLoss(chunk, index, move === 'lose', options.now);
    }
  }
  if (unclear.length > 0) {
    lease.indexes = unclear;
    lease.lost = true;
  } else state.leases = state.leases.filter((other) => other !== lease);
  chunk.emit('task.lost', told, options.now);
  settleBundledJobs(chunk, held, options.now);
}

function noteLoss(chunk: Chunk, index: number, unclear: boolean, now: number): void {
  const attempt = chunk.state.attempts[index] ?? 1;
  chunk.facts.failuresByType.set(WORKER_LOST, (chunk.facts.failuresByType.get(WORKER_LOST) ?? 0) + 1);
  chunk.setExtra('errors', index, {
    error_type: WORKER_LOST,
    error_message: unclear
      ? 'The worker was lost while it held this unsafe task: it may have taken effect.'
      : `The task was running or waiting on ${attempt} workers that were lost.`,
    non_retryable: true,
    retry_after_ms: null,
    attempt,
    at: now,
  });
}
