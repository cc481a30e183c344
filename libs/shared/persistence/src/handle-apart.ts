import { willPass } from './will-pass.js';

export interface FailedItem<Item> {
  item: Item;
  error: unknown;
}

/**
 * Handles items together, and finds by halving the ones that spoil it for the others. Handling an item again must do no
 * harm. Gives what failed; where the reason will pass, that is everything that was handled together.
 */
export async function handleApart<Item>(
  items: readonly Item[],
  handle: (items: readonly Item[]) => Promise<void>,
): Promise<FailedItem<Item>[]> {
  if (items.length === 0) return [];
  try {
    await handle(items);
    return [];
  } catch (error) {
    if (items.length === 1 || willPass(error)) return items.map((item) => ({ item, error }));
    const middle = items.length >> 1;
    const before = await handleApart(items.slice(0, middle), handle);
    return [...before, ...(await handleApart(items.slice(middle), handle))];
  }
}
