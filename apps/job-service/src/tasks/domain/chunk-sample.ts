import type { LeaseOutcome, SafetyClass } from '@kintsugi/contracts';
import { Chunk, type Lease } from './chunk.js';

export const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
export const acceptedAt = 1_700_000_000_000;

/** A fresh chunk of a job, for specs. */
export function chunkOf(count: number, safety: SafetyClass = 'idempotent'): Chunk {
  const lines = Array.from({ length: count }, (_, index) => `{"payload":${index}}`);
  return Chunk.fresh(
    {
      id: `${uuid}.0`,
      jobId: `job_${uuid}`,
      queue: 'send',
      priority: 5,
      safety,
      count,
      acceptedAt,
      retryConfig: null,
      jobs: null,
    },
    lines,
  );
}

/** A fresh bundle of single-task jobs, for specs. */
export function bundleOf(count: number, safety: SafetyClass = 'idempotent'): Chunk {
  const { identity, state, lines } = chunkOf(count, safety);
  const jobs = Array.from({ length: count }, (_, index) => ({
    id: `job_${uuid}.${index}`,
    product_id: 'p',
    sending_group_id: 'g',
    user_id: 'u',
    labels: {},
  }));
  return new Chunk({ ...identity, jobId: null, jobs }, state, lines);
}

/** A report of some tasks of a lease. */
export function reportOf(lease: Lease, ended: { done?: number[]; failed?: number[]; returned?: number[] }): LeaseOutcome {
  const done = ended.done ?? [];
  return {
    chunk_id: `${uuid}.0`,
    fence: lease.fence,
    base_ms: acceptedAt + 1_000,
    done,
    started: done.map(() => 5),
    took_us: done.map(() => 2_000),
    failed: (ended.failed ?? []).map((index) => ({
      index,
      started: 5,
      took_us: 3_000,
      error_type: 'net.reset',
      error_message: 'gone',
    })),
    returned: ended.returned ?? [],
  };
}
