import type { JobRecord } from '../../jobs/domain/job.js';
import { chunkOf } from '../../tasks/domain/chunk-sample.js';
import { Chunk } from '../../tasks/domain/chunk.js';
import { leaseTasks } from '../../tasks/domain/lease-tasks.js';

export const tasksPerChunk = 3;

const stats = { task_ms: {}, outcome_ms: {}, error_types: {} };

/** A job at work. */
export const begunJob = {
  ...{ _id: chunkOf(1).identity.jobId, status: 'running', max_parallel_tasks: 5, total_tasks: 12, opened: true },
  ...stats,
} as JobRecord;

/** A chunk of it in which the first task has failed and the others are ready. */
export function begunChunk(sequence: number): Chunk {
  const { identity, state, lines } = chunkOf(tasksPerChunk);
  const chunk = new Chunk({ ...identity, id: identity.id.replace('.0', `.${sequence}`) }, state, lines);
  leaseTasks(chunk, [0], 'worker', 0);
  chunk.move(0, 'fail');
  chunk.state.leases = [];
  return chunk;
}
