import type { TaskState } from '@kintsugi/contracts';
import type { Chunk, OutboxEntry } from './chunk.js';

const endings: Partial<Record<TaskState, OutboxEntry['name']>> = {
  succeeded: 'job.completed',
  dead: 'job.failed',
  quarantined: 'job.failed',
  outcome_unknown: 'job.failed',
  cancelled: 'job.cancelled',
};

/** In a bundle a task's end is its job's end: promises the ending events for those of `indexes` that have ended. */
export function settleBundledJobs(chunk: Chunk, indexes: readonly number[], now: number): void {
  if (!chunk.identity.jobs) return;
  const ended = new Map<OutboxEntry['name'], number[]>();
  for (const index of indexes) {
    const name = endings[chunk.stateOf(index)];
    if (!name) continue;
    const others = ended.get(name);
    if (others) others.push(index);
    else ended.set(name, [index]);
  }
  for (const [name, jobs] of ended) chunk.emit(name, jobs, now);
}
