import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Store } from '@kintsugi/persistence';
import type { JobRow } from '../../job-history/domain/job-row.js';
import { rowsOf, type HistoryPage } from '../../job-history/mongo/history-page.js';
import { historyCollection } from '../../job-history/mongo/job-indexes.js';

/** A page may hold 256 jobs. */
const pagesPerBatch = 50;

/** Jobs that ended lately, as the history has them. */
@Injectable()
export class EndedJobs {
  constructor(private readonly store: Store) {}

  /** All that ended at a time or later, with some that ended before; in no order. The index of their expiry leads to them. */
  async *since(time: number): AsyncGenerator<JobRow, void, undefined> {
    const pages = this.store.collection<HistoryPage>(historyCollection);
    const cursor = pages
      .find({ finished_at: { $gte: new Date(time) } })
      .project<Pick<HistoryPage, 'rows'>>({ rows: 1, _id: 0 })
      .batchSize(pagesPerBatch);
    for await (const page of cursor) {
      yield* rowsOf(page);
      // What else this process does is not kept waiting by a long window.
      await nextTurn();
    }
  }
}
