/** Milliseconds on the machine's monotonic clock, which all processes share: times of several processes compare. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
