const secondsMax = 7 * 24 * 3600;

/** Milliseconds that a Retry-After header asks to wait: seconds, or a date. Undefined where it says nothing of use. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Math.min(Number(header), secondsMax) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) || !/[A-Za-z]/.test(header) ? undefined : Math.min(Math.max(0, at - nowMs), secondsMax * 1000);
}
