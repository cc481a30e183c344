import { Injectable } from '@nestjs/common';
import type { ActionRequest, JobPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobHistory, type JobFilter } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { batchJobOf } from '../domain/job-state.js';
import { MarkWaitingJobs } from './mark-waiting-jobs.js';
import { cursorAfter, decodeCursor } from './page-cursor.js';

/** Jobs by filters, newest first. A job appears half a second after its acceptance, or two when thousands are accepted at once. */
@Injectable()
export class ListJobs {
  constructor(
    private readonly history: JobHistory,
    private readonly mark: MarkWaitingJobs,
  ) {}

  async execute(
    { limit, cursor, created_after, created_before, ...fields }: ActionRequest<'listJobs'>,
    origin: Origin,
  ): Promise<JobPage> {
    const filter: JobFilter = {
      ...fields,
      tenant: origin.actor.tenant ?? undefined,
      created_after: created_after === undefined ? undefined : new Date(created_after),
      created_before: created_before === undefined ? undefined : new Date(created_before),
    };
    const after = cursor === undefined ? null : decodeCursor(cursor, filter, 'desc');
    const rows: JobRow[] = [];
    let isMore = false;
    for await (const row of this.history.read({ filter, order: 'desc', after, expected: limit })) {
      isMore = rows.length === limit;
      if (isMore) break;
      rows.push(row);
    }
    const items = rows.map(batchJobOf).filter((job) => job !== null);
    const next_cursor = isMore ? cursorAfter(rows.at(-1), filter, 'desc') : null;
    const { jobs } = await this.mark.execute(items, origin);
    return { items: jobs, next_cursor };
  }
}
