import type { Chunk, Lease } from './chunk.js';

export interface Run {
  /** Epoch milliseconds. */
  startedAt: number;
  tookUs: number;
}

/**
 * A run that a worker tells of, as it can have been by our own clock: begun after its lease, ended by now. The worker's
 * clock is only believed within that; how long the run took is measured without a clock that can be set.
 */
export function boundRun({ startedAt, tookUs }: Run, { identity }: Chunk, { leasedAt }: Lease, now: number): Run {
  const from = Math.max(leasedAt, identity.acceptedAt);
  // Both times are whole milliseconds: a run may have taken up to one more than lies between them.
  const isPossible = now < from || tookUs <= (now - from + 1) * 1_000;
  const took = Math.min(isPossible ? tookUs : (now - from) * 1_000, 0xffffffff);
  // Our own clock was set back during the run.
  const until = now < from ? from + took / 1_000 : now;
  return { startedAt: Math.max(from, Math.min(startedAt, Math.floor(until - took / 1_000))), tookUs: took };
}
