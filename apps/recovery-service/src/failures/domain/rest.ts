/** However long a batch took, what came after it has waited long enough. */
const restMsMax = 250;

/** How long to rest after a batch of failures: as long as it took, so that half of the time is left to others. */
export function restMsAfter(tookMs: number): number {
  return Math.min(tookMs, restMsMax);
}
