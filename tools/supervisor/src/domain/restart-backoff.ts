/** How often a process has been restarted: in all, and since it last stayed up. */
export interface RestartHistory {
  total: number;
  inARow: number;
}

export const neverRestarted: RestartHistory = { total: 0, inARow: 0 };

const firstDelayMs = 100;
export const longestDelayMs = 5_000;

/** A process that has run this long counts as healthy: its next death is not held against it. */
const healthyAfterMs = 10_000;

/**
 * When a process that has just died starts again: the first time at once, then after 100 ms, doubling up to 5 s,
 * from the beginning once it has stayed up for 10 s.
 */
export function nextRestart(history: RestartHistory, ranForMs: number): { delayMs: number; history: RestartHistory } {
  const inARow = ranForMs >= healthyAfterMs ? 0 : history.inARow;
  const delayMs = inARow === 0 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (inARow - 1));
  return { delayMs, history: { total: history.total + 1, inARow: inARow + 1 } };
}
