import { expect, it } from '@jest/globals';
import { handleApart } from './handle-apart.js';

const items = Array.from({ length: 100 }, (_, index) => index);

/** Handles items until one of them is refused, and counts the calls. */
function handling(refuses: (item: number) => Error | null) {
  const [handled, calls] = [new Set<number>(), { count: 0 }];
  const handle = async (group: readonly number[]): Promise<void> => {
    calls.count += 1;
    const error = group.map(refuses).find((found) => found !== null);
    if (error) throw error;
    for (const item of group) handled.add(item);
  };
  return { handled, calls, handle };
}

it('handles everything at once where nothing fails', async () => {
  const { handled, calls, handle } = handling(() => null);
  expect(await handleApart(items, handle)).toEqual([]);
  expect([handled.size, calls.count]).toEqual([100, 1]);
});

it('gives what fails by itself, each with its error, and handles all others', async () => {
  const { handled, calls, handle } = handling((item) => (item % 50 === 7 ? new Error(`Not ${item}.`) : null));
  expect(await handleApart(items, handle)).toEqual([7, 57].map((item) => ({ item, error: new Error(`Not ${item}.`) })));
  expect(handled.size).toBe(98);
  expect(calls.count).toBeLessThan(30);
});

it('does not look for a culprit where the database is away', async () => {
  const away = Object.assign(new Error('Away.'), { name: 'MongoNetworkError' });
  const { calls, handle } = handling(() => away);
  expect(await handleApart(items, handle)).toEqual(items.map((item) => ({ item, error: away })));
  expect(calls.count).toBe(1);
});
