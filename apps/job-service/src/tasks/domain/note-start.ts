import type { Chunk } from './chunk.js';

/**
 * Notes when a run of a task began. In a bundle it stays known when the first one did, which is when its job began: else the last
 * start is all that is kept of each task.
 */
export function noteStart(chunk: Chunk, index: number, startedAt: number): void {
  const { state, identity, stats } = chunk;
  const before = state.startedAt[index] ?? 0;
  if (before === 0) stats.waitMs.push(startedAt - identity.acceptedAt);
  else if (identity.jobs && (state.attempts[index] ?? 0) > 1 && state.extras.began[index] === undefined) {
    chunk.setExtra('began', index, before);
  }
  state.startedAt[index] = startedAt;
}
