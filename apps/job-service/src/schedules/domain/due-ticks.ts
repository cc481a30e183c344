import type { CatchUp } from '@kintsugi/contracts';

/** A tick that was not kept within this was missed: nobody was there, or the clock was set ahead. */
const missedAfterMs = 60_000;

export interface DueTicks {
  /** Ticks that are to make a job, in order. */
  run: number[];
  /** Ticks that make none. */
  missed: number[];
}

/**
 * What becomes of ticks whose time has come.
 * @param dueAt when a tick could run: after its jitter, and not while the job before was in its way
 */
export function dueTicks(ticks: readonly number[], dueAt: (tick: number) => number, catchUp: CatchUp, now: number): DueTicks {
  const isLate = (tick: number): boolean => now - dueAt(tick) > missedAfterMs;
  const late = ticks.filter(isLate);
  const fresh = ticks.filter((tick) => !isLate(tick));
  if (catchUp === 'all') return { run: [...ticks], missed: [] };
  // One that is in time is the last of them.
  const kept = catchUp === 'last' && fresh.length === 0 ? late.slice(-1) : [];
  return { run: [...kept, ...fresh], missed: late.slice(0, late.length - kept.length) };
}
