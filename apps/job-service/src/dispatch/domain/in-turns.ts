/**
 * The first items where all groups take turns: those of the first key, in each of them those of the second, and so on. Within the
 * innermost the order stays.
 * @param most items that are given
 */
export function inTurns<Item>(items: readonly Item[], keys: readonly ((item: Item) => string | number)[], most: number): Item[] {
  const [keyOf, ...others] = keys;
  if (!keyOf) return items.slice(0, most);
  const groups = [...Map.groupBy(items, keyOf).values()].map((group) => inTurns(group, others, most));
  const taken: Item[] = [];
  for (let round = 0; taken.length < Math.min(most, items.length); round += 1) {
    for (const group of groups) {
      const item = group[round];
      if (item !== undefined && taken.length < most) taken.push(item);
    }
  }
  return taken;
}
