import { expect, test } from '@jest/globals';
import type { ActionInput, ErrorPage } from '@kintsugi/contracts';
import { fullPage } from './full-page.js';

const records = (...ids: string[]) => ids.map((id) => ({ id })) as ErrorPage['items'];

test('a search is asked on from where it has ended, until the page is full or nothing is left', async () => {
  const pages: ErrorPage[] = [
    { items: records('a'), next_cursor: '1', looked_until: 'noon' },
    { items: [], next_cursor: '2', looked_until: 'dawn' },
    { items: records('b', 'c'), next_cursor: '3' },
    { items: [], next_cursor: null },
  ];
  const asked: ActionInput<'listErrors'>[] = [];
  const client = {
    listErrors: async (query: ActionInput<'listErrors'> = {}) => {
      asked.push(query);
      return pages.shift() as ErrorPage;
    },
  };
  const told: string[] = [];
  const page = await fullPage(client, { text: 'x', limit: 3 }, (until) => told.push(until));
  expect(page).toEqual({ items: records('a', 'b', 'c'), next_cursor: '3' });
  expect(asked).toEqual([
    { text: 'x', limit: 3 },
    { text: 'x', limit: 2, cursor: '1' },
    { text: 'x', limit: 2, cursor: '2' },
  ]);
  expect(told).toEqual(['noon', 'dawn']);
  expect(await fullPage(client, { text: 'x', limit: 3, cursor: '3' }, () => undefined)).toEqual({ items: [], next_cursor: null });
});
