/** Lower and upper end. */
export type Interval = [low: number, high: number];

/** The normal quantile of 97.5 %: 95 % lie within so many deviations. */
const z = 1.959963984540054;

/**
 * Where the true rate lies with 95 % when `hits` of `trials` were seen; null without a trial. It is sound for few trials
 * and for rates near 0 and 1, where the plain mean and deviation are not.
 * Source: Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
 */
export function wilsonInterval(hits: number, trials: number): Interval | null {
  if (trials === 0) return null;
  const rate = hits / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = (rate + z ** 2 / (2 * trials)) / scale;
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2));
  return [hits === 0 ? 0 : centre - reach, hits === trials ? 1 : centre + reach];
}
