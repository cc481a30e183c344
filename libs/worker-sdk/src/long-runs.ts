import type { Inventory } from '@kintsugi/contracts';
import type { HeldLease } from './held-lease.js';

/** Tasks that run for this long are told of as running. */
const longRunMs = 1_000;
/** Leases told of in one inventory at most: a worker may hold more than fit into a message. */
const leasesMax = 2_000;

type RunningTask = Inventory['running'][number][2][number];

/** The tasks that have been running for a while. Where they are too many, each turn tells the next part of them. */
export function longRuns(
  leases: readonly Pick<HeldLease, 'header' | 'running'>[],
  now: number,
  turn: number,
): Inventory['running'] {
  const long = leases.flatMap(({ header, running }) => {
    const told = [...running]
      .filter(([, { startedAt }]) => now - startedAt >= longRunMs)
      .map(([index, { run, startedAt }]): RunningTask => {
        const since = Math.round(startedAt);
        return run.named === null ? [index, since, run.share] : [index, since, run.share, run.named];
      });
    return told.length > 0 ? [[header.chunk_id, header.fence, told] as Inventory['running'][number]] : [];
  });
  const from = (turn % Math.max(1, Math.ceil(long.length / leasesMax))) * leasesMax;
  return long.slice(from, from + leasesMax);
}
