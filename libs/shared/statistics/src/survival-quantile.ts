/** How long something was watched, and whether what was waited for came at the end of that; if not, it may still come. */
export interface Observation {
  time: number;
  came: boolean;
}

/**
 * The time by which a share of all, from 0 to 1, has come, with those of which it is not known yet counted for as long
 * as they were watched: leaving them out would make slow ones look quick. Null where so many have not come so far.
 * Source: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958).
 *
 * @param rising by time
 */
export function survivalQuantile(rising: readonly Observation[], share: number): number | null {
  let surviving = 1;
  for (let index = 0; index < rising.length;) {
    const time = rising[index]?.time ?? 0;
    const watched = rising.length - index;
    let came = 0;
    for (; rising[index]?.time === time; index += 1) came += rising[index]?.came ? 1 : 0;
    surviving *= 1 - came / watched;
    // Products of fractions miss a whole share by some of the last bits.
    if (came > 0 && surviving <= 1 - share + 1e-12) return time;
  }
  return null;
}
