import { DEPENDENCY_FAILED, type TaskState } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';

/** Whether a task stands as it does only because of what it waits for: it waits, or was given up with that. */
export function isHeldByOthers(chunk: Chunk, index: number, state: TaskState = chunk.stateOf(index)): boolean {
  if (state === 'blocked') return true;
  return (state === 'dead' || state === 'skipped') && chunk.state.extras.errors[index]?.error_type === DEPENDENCY_FAILED;
}

/** Lets a task run that waits, or was given up, because of others. False, and nothing changed, for any other. */
export function releaseTask(chunk: Chunk, index: number): boolean {
  blockAgain(chunk, index);
  return chunk.move(index, 'unblock');
}

/** Lets a task wait again that was given up because of others: one of them is run again. */
export function blockAgain(chunk: Chunk, index: number): boolean {
  if (chunk.stateOf(index) === 'blocked' || !isHeldByOthers(chunk, index) || !chunk.move(index, 'block')) return false;
  chunk.setExtra('errors', index, undefined);
  countGivenUp(chunk, -1);
  return true;
}

/** What a task waits for has not been done and will not be. */
export function giveUpTask(chunk: Chunk, index: number, move: 'abandon' | 'skip', because: string, now: number): boolean {
  if (!chunk.move(index, move)) return false;
  chunk.setExtra('errors', index, {
    error_type: DEPENDENCY_FAILED,
    error_message: because,
    non_retryable: true,
    retry_after_ms: null,
    attempt: chunk.state.attempts[index] ?? 0,
    at: now,
  });
  countGivenUp(chunk, 1);
  return true;
}

function countGivenUp({ stats }: Chunk, by: number): void {
  stats.failuresByType.set(DEPENDENCY_FAILED, (stats.failuresByType.get(DEPENDENCY_FAILED) ?? 0) + by);
}
