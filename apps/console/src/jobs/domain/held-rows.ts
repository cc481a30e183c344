interface Row {
  id: string;
}

/** Rows in the order in which they are held, each as it is now, and how many that are not among them wait; all where none are held. */
export function heldRows<Item extends Row>(
  held: readonly Item[] | null,
  now: readonly Item[],
): { rows: readonly Item[]; waiting: number } {
  if (held === null) return { rows: now, waiting: 0 };
  const current = new Map(now.map((item) => [item.id, item]));
  const ids = new Set(held.map(({ id }) => id));
  return { rows: held.map((item) => current.get(item.id) ?? item), waiting: now.filter(({ id }) => !ids.has(id)).length };
}
