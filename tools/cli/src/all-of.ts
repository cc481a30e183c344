import { limits } from '@kintsugi/contracts';

interface PageOf<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** What of a page is asked for. */
type PageQuery = { limit: number; cursor?: string };

/** All items of a list, page by page. */
export async function allOf<Item>(readPage: (query: PageQuery) => Promise<PageOf<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await readPage({ limit: limits.pageSize, ...(cursor ? { cursor } : {}) });
    items.push(...page.items);
    if (!page.next_cursor) return items;
    cursor = page.next_cursor;
  }
}
