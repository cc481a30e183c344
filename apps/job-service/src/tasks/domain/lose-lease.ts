import type { Chunk } from './chunk.js';
import { noteEndWithoutRun, settleBundledJobs } from './settle-bundled-jobs.js';
import type { TaskLosses } from './task-extras.js';

/** The error type of tasks that killed their workers, or whose worker was lost while an unsafe task may have been running. */
export const WORKER_LOST = 'worker.lost';

/**
 * The holder of a lease was lost. Tasks that may run again become ready; an unsafe task's outcome is unknown. A task that
 * was the only one its worker held, `lossesMax` times, is quarantined as what kills them: of others nobody knows which did.
 */
export function loseLease(chunk: Chunk, fence: number, options: { alone: boolean; lossesMax: number; now: number }): void {
  const lease = chunk.leaseOf(fence);
  if (!lease || lease.lost) return;
  const { identity } = chunk;
  const held = [...lease.indexes];
  const told: number[] = [];
  const unclear: number[] = [];
  for (const index of held) {
    chunk.stats.lost += 1;
    chunk.setExtra('stop', index, undefined);
    endRun(chunk, index, options.now);
    if (chunk.isCancelRequested(index) && identity.safety !== 'unsafe') {
      if (chunk.move(index, 'cancel')) noteEndWithoutRun(chunk, index, options.now);
      continue;
    }
    const before = chunk.state.extras.losses[index] ?? { workers: 0, alone: 0 };
    const losses = { workers: before.workers + 1, alone: before.alone + (options.alone ? 1 : 0) };
    const move = identity.safety === 'unsafe' ? 'lose' : losses.alone >= options.lossesMax ? 'quarantine' : 'return';
    if (!chunk.move(index, move)) continue;
    if (move !== 'lose') chunk.setExtra('losses', index, losses);
    if (move === 'lose') unclear.push(index);
    if (move !== 'return') {
      told.push(index);
      noteEndWithoutRun(chunk, index, options.now);
      noteLoss(chunk, index, messageOf(move, losses), lease.workerId, options.now);
    }
  }
  if (unclear.length > 0) {
    lease.indexes = unclear;
    lease.lost = true;
  } else chunk.state.leases = chunk.state.leases.filter((other) => other !== lease);
  chunk.emit('task.lost', told, options.now);
  settleBundledJobs(chunk, held, options.now);
}

/** Nobody tells any more how long a run took that was told to have begun: until now, as far as anybody can say. */
function endRun(chunk: Chunk, index: number, now: number): void {
  if (chunk.stateOf(index) !== 'running') return;
  const { startedAt, tookUs } = chunk.state;
  tookUs[index] = Math.min(Math.max(0, now - (startedAt[index] ?? now)) * 1_000, 0xffffffff);
}

function messageOf(move: 'lose' | 'quarantine', { workers, alone }: TaskLosses): string {
  if (move === 'lose') return 'The worker was lost while it held this unsafe task: it may have taken effect.';
  return `${workers} workers were lost while they held this task, ${alone} of them while they held no other.`;
}

function noteLoss(chunk: Chunk, index: number, message: string, worker: string, now: number): void {
  chunk.stats.failuresByType.set(WORKER_LOST, (chunk.stats.failuresByType.get(WORKER_LOST) ?? 0) + 1);
  chunk.setExtra('errors', index, {
    error_type: WORKER_LOST,
    error_message: message,
    non_retryable: true,
    retry_after_ms: null,
    attempt: chunk.state.attempts[index] ?? 1,
    at: now,
    run: { worker },
  });
}
