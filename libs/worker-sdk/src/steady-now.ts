/** Epoch milliseconds by the wall clock as it was when this process began: setting it changes no time of a run under way. */
export function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}
