/**
 * How long to wait until the next look of those at which all look that look as often, whenever they began: at least half of the time between
 * two, so that what begins is not looked at twice in one moment.
 */
export function pauseToCommonLook(nowMs: number, everyMs: number): number {
  const half = everyMs / 2;
  return half + everyMs - ((nowMs + half) % everyMs);
}
