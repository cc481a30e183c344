import type { ActionRequest, JobPage } from '@kintsugi/contracts';
import type { JobFilter, JobHistory } from '../domain/job-history.js';
import { batchJobOf } from '../domain/job-state.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

/** Jobs by filters, newest first. A job appears half a second after its acceptance, or two when thousands are accepted at once. */
export class ListJobs {
  constructor(private readonly history: JobHistory) {}

  async execute({ limit, cursor, created_after, created_before, ...fields }: ActionRequest<'listJobs'>): Promise<JobPage> {
    const filter: JobFilter = {
      ...fields,
      created_after: created_after === undefined ? undefined : new Date(created_after),
      created_before: created_before === undefined ? undefined : new Date(created_before),
    };
    const after = cursor === undefined ? null : decodeCursor(cursor, filter);
    const rows = await this.history.list(filter, after, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more =
      rows.length > limit && last?.head ? encodeCursor({ created_at: last.head.created_at, job_id: last.job_id }, filter) : null;
    return { items: page.map(batchJobOf).filter((job) => job !== null), next_cursor: more };
  }
}
