import { limits, type WorkHeader } from '@kintsugi/contracts';
import type { Chunk, Lease } from './chunk.js';
import { paramsOf } from './task-params.js';
import { priorityOfLeased } from './task-priorities.js';

export interface LeasedSlice {
  lease: Lease;
  header: WorkHeader;
  lines: string[];
}

/** Leases ready tasks to a worker under a token that no earlier lease of the chunk had. */
export function leaseTasks(chunk: Chunk, indexes: readonly number[], workerId: string, now: number): LeasedSlice {
  const taken = indexes.filter((index) => chunk.move(index, 'lease'));
  const { state } = chunk;
  for (const index of taken) {
    const attempt = Math.min(limits.runsToldApart, (state.attempts[index] ?? 0) + 1);
    state.attempts[index] = attempt;
    if (attempt > 1) state.retries += 1;
    chunk.setExtra('due', index, undefined);
  }
  state.fence += 1;
  const lease: Lease = { fence: state.fence, workerId, indexes: [...taken], leasedAt: now };
  state.leases.push(lease);
  return sliceOf(chunk, lease);
}

/** The slice of a lease as it travels, also when it has to be sent once more. */
export function sliceOf(chunk: Chunk, lease: Lease): LeasedSlice {
  const { identity, state } = chunk;
  const params: Record<string, Record<string, unknown>> = {};
  for (const index of lease.indexes) {
    const laidOver = paramsOf(chunk, index);
    if (laidOver) params[index] = laidOver;
  }
  const withSteps = lease.indexes.filter((index) => state.extras.steps[index] !== undefined);
  const header: WorkHeader = {
    v: 1,
    chunk_id: chunk.id,
    job_id: identity.jobId,
    fence: lease.fence,
    queue: identity.queue,
    safety: identity.safety,
    priority: priorityOfLeased(chunk, lease.indexes),
    indexes: lease.indexes,
    attempts: lease.indexes.map((index) => state.attempts[index] ?? 1),
    ...(identity.timeoutS === undefined ? {} : { timeout_s: identity.timeoutS }),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(withSteps.length > 0 ? { steps: withSteps } : {}),
  };
  return { lease, header, lines: lease.indexes.map((index) => chunk.lines?.[index] ?? '{}') };
}
