/**
 * How long to wait until the next look of those at which all look that look as often, whenever they began: at least a quarter of the time
 * between two, so that what begins is not looked at twice in one moment, and a look that took long makes up for it.
 */
export function pauseToCommonLook(nowMs: number, everyMs: number): number {
  const least = everyMs / 4;
  return least + everyMs - ((nowMs + least) % everyMs);
}
