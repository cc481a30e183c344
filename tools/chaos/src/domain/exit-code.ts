import { recoveryBars } from './recovery-bars.js';
import type { ChaosResults } from './results.js';

const exitCodes = { held: 0, broken: 1, interrupted: 130 } as const;

/** What the shell is told. A missed bar counts as much as a broken promise: one that no run can fail for is none. */
export function exitCodeOf({
  violations,
  recoveries,
  interrupted,
}: Pick<ChaosResults, 'violations' | 'recoveries' | 'interrupted'>): number {
  const isMissed = recoveryBars(recoveries).some(({ passed }) => passed === false);
  if (violations.length > 0 || isMissed) return exitCodes.broken;
  return interrupted ? exitCodes.interrupted : exitCodes.held;
}
