/**
 * Does each of them, one after the other, until the signal ends it. A fault of one holds up none behind it; it is thrown once
 * all were met.
 */
export async function eachApart<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const faults: unknown[] = [];
  for (const item of items) {
    if (signal.aborted) break;
    try {
      await act(item);
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${items.length} could not be done.`);
}
