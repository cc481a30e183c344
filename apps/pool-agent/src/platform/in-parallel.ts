import { availableParallelism } from 'node:os';

/** Does something with each of many, a few at a time: git is a process, and a host has other work. */
export async function inParallel<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const take = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(items.length, 2 * availableParallelism()) }, take));
  return results;
}
