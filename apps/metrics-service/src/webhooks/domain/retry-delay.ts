const factor = 4;
const delayMsMax = 6 * 3_600_000;

/**
 * How long a message waits after a failed try.
 * @param attempts how often it was tried, this time included
 * @param share from 0 to 1, by chance: many that failed together do not come back together
 */
export function retryDelayMs(attempts: number, firstMs: number, share: number): number {
  const delayMs = Math.min(delayMsMax, firstMs * factor ** (attempts - 1));
  return Math.round(delayMs * (0.8 + 0.4 * share));
}
