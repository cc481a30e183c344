import type { HistoryPage } from './history-page.js';

/** A page may hold 256 jobs. */
export const pagesPerBatch = 100;
/** Characters of rows that are parsed in one turn of the event loop: about a millisecond. */
const textPerTurn = 100_000;

/** Pages with turns of the event loop between them: who reads much of the history must not keep its events and other questions waiting. */
export async function* inTurns<Page extends Pick<HistoryPage, 'rows'>>(pages: AsyncIterable<Page>): AsyncGenerator<Page, void> {
  let read = 0;
  for await (const page of pages) {
    yield page;
    read += page.rows.length;
    if (read < textPerTurn) continue;
    read = 0;
    await new Promise(setImmediate);
  }
}
