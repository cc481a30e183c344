/**
 * Who goes when in a round. Every second round is the one before it backwards (ABBA), and every pair of rounds begins
 * with another one: what drifts while the benchmark runs, such as a warming machine, falls on all alike.
 */
export function orderOfRound<Item>(items: readonly Item[], round: number): Item[] {
  if (items.length === 0) return [];
  const first = Math.floor(round / 2) % items.length;
  const rotated = [...items.slice(first), ...items.slice(0, first)];
  return round % 2 === 0 ? rotated : rotated.reverse();
}
