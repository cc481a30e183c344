/** How long things were watched, each rising. */
export interface Observations {
  /** Until what was waited for came. */
  came: Float64Array;
  /** Without it: it may still come. */
  open: Float64Array;
}

/**
 * The time by which a share of all, from 0 to 1, has come, with those of which it is not known yet counted for as long
 * as they were watched: leaving them out would make slow ones look quick. Null where so many have not come so far.
 * Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958).
 */
export function survivalQuantile({ came, open }: Observations, share: number): number | null {
  let surviving = 1;
  let ended = 0;
  for (let index = 0; index < came.length;) {
    const time = came[index] ?? 0;
    while (ended < open.length && (open[ended] ?? 0) < time) ended += 1;
    const watched = came.length - index + open.length - ended;
    const first = index;
    while (came[index] === time) index += 1;
    surviving *= 1 - (index - first) / watched;
    // Products of fractions miss a whole share by some of the last bits.
    if (surviving <= 1 - share + 1e-12) return time;
  }
  return null;
}
