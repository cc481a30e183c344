/** The smallest of the values that a share of them, from 0 to 1, does not exceed (nearest rank). They are in rising order; null where there is none. */
export function quantileOf(rising: ArrayLike<number>, share: number): number | null {
  return rising[Math.max(0, Math.ceil(share * rising.length) - 1)] ?? null;
}
