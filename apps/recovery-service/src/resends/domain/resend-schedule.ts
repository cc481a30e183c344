/** The longest interval: job-service may be away for days, and what it never got must still reach it. */
const intervalMsMax = 3_600_000;

/** When a command goes out again after it has been sent again `resends` times: with doubling intervals, up to one hour. */
export function nextResendAt(resends: number, now: number, firstIntervalMs: number): string {
  return new Date(now + Math.min(firstIntervalMs * 2 ** resends, intervalMsMax)).toISOString();
}
