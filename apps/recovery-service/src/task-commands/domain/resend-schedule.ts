/** How often a command is sent again: with doubling intervals, the last about an hour after the first at the default of 30 seconds. */
const resendsMax = 7;

/** When a command goes out again after it has been sent again `resends` times, or null when that was often enough. */
export function nextResendAt(resends: number, now: number, firstIntervalMs: number): string | null {
  return resends >= resendsMax ? null : new Date(now + firstIntervalMs * 2 ** resends).toISOString();
}
