import type { Client } from '@kintsugi/client';
import type { ActionInput, ErrorPage } from '@kintsugi/contracts';

/**
 * A page of error records that is full, or the last one: what few records have is found over several answers.
 *
 * @param onStep is told how far was looked
 */
export async function fullPage(
  client: Pick<Client, 'listErrors'>,
  query: ActionInput<'listErrors'> & { limit: number },
  onStep?: (lookedUntil: string) => void,
): Promise<ErrorPage> {
  const items: ErrorPage['items'] = [];
  const { limit } = query;
  for (let cursor = query.cursor; ;) {
    const page = await client.listErrors({ ...query, ...(cursor === undefined ? {} : { cursor }), limit: limit - items.length });
    items.push(...page.items);
    if (page.next_cursor === null || items.length >= limit) return { items, next_cursor: page.next_cursor };
    cursor = page.next_cursor;
    if (page.looked_until !== undefined) onStep?.(page.looked_until);
  }
}
