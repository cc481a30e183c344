import { expect, test } from '@jest/globals';
import { remedy, staleDocuments } from './committed.js';
import { renderDocuments } from './documents.js';

test('the committed reference is what its sources say', async () => {
  const stale = staleDocuments(await renderDocuments());
  expect(stale.length > 0 ? `Stale: ${stale.join(', ')}. ${remedy}` : 'up to date').toBe('up to date');
});

test('the same sources give the same text', async () => {
  expect(await renderDocuments()).toEqual(await renderDocuments());
});
