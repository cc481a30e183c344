import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  historyTotalMax,
  maySee,
  shown,
  type FetchJobHistory as Request,
  type JobHistoryPage,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobHistory, type JobCount, type JobFilter, type JobListing } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { batchJobOf } from '../domain/job-state.js';
import { MarkWaitingJobs } from './mark-waiting-jobs.js';
import { cursorAfter, decodeCursor } from './page-cursor.js';
import { SearchHistory } from './search-history.js';
import { SumUpHistory } from './sum-up-history.js';

interface Part {
  skip: number;
  take: number;
}

/**
 * A search in all history, page by page, with sums over everything that it is about. No more rows are read than the page; what
 * comes after it is counted up to the bound of a total where no sums count them all.
 */
@Injectable()
export class FetchJobHistory {
  constructor(
    private readonly history: JobHistory,
    private readonly search: SearchHistory,
    private readonly sumUp: SumUpHistory,
    private readonly mark: MarkWaitingJobs,
  ) {}

  async execute({ filters, pagination, sort, aggregations }: Request, origin: Origin): Promise<JobHistoryPage> {
    const { page, per_page: perPage, cursor } = pagination;
    const filter = filterOf(filters, origin);
    const after = cursor === undefined ? null : decodeCursor(cursor, filter, sort.order, 'data.pagination.cursor');
    const summary = Object.values(aggregations).some(Boolean) ? await this.sumUp.execute(filter, aggregations) : null;
    const skip = after === null ? (page - 1) * perPage : 0;
    const listing: JobListing = { filter, order: sort.order, after, expected: skip + perPage + 1 };
    const { rows, read } = await this.collect(listing, { skip, take: perPage + 1 });
    const isCounted = after === null && summary === null;
    const counted = isCounted ? await this.count(listing, rows, read) : null;
    const shownRows = rows.slice(0, perPage);
    const items = shownRows.map(batchJobOf).filter((job) => job !== null);
    const { jobs, begunIsUnknown } = await this.mark.execute(items, origin);
    return {
      items: jobs,
      ...(begunIsUnknown ? { begun_unknown: true } : {}),
      pagination: {
        page: cursor === undefined ? page : null,
        per_page: perPage,
        total: summary?.jobs ?? counted?.jobs ?? null,
        total_is_capped: summary === null && (counted?.isCapped ?? true),
        next_cursor: rows.length > perPage ? cursorAfter(shownRows.at(-1), filter, sort.order) : null,
      },
      ...(summary === null ? {} : { aggregations: summary.result() }),
    };
  }

  private async collect(listing: JobListing, { skip, take }: Part): Promise<{ rows: JobRow[]; read: number }> {
    const rows: JobRow[] = [];
    let read = 0;
    for await (const row of this.search.read(listing)) {
      read += 1;
      if (read > skip) rows.push(row);
      if (rows.length >= take) break;
    }
    return { rows, read };
  }

  /** What was read need not be counted again: only where it ends before the jobs do are these counted. */
  private async count(listing: JobListing, rows: readonly JobRow[], read: number): Promise<JobCount> {
    const last = rows.at(-1);
    if (read < listing.expected || !last?.head) return { jobs: read, isCapped: false };
    const place = { created_at: last.head.created_at, job_id: last.job_id };
    return this.history.count({ ...listing, after: place, expected: Math.max(historyTotalMax, read - 1) }, read);
  }
}

function filterOf({ date_range: range, text, tenant, ...fields }: Request['filters'], { actor }: Origin): JobFilter {
  if (tenant !== undefined && !maySee(actor, tenant)) {
    const path = 'data.filters.tenant';
    throw new ProblemError('VALIDATION_FAILED', `${path}: this key is bound to the tenant ${actor.tenant}. Leave it out.`, {
      errors: [{ path, rule: 'VALUE', got: shown(tenant), allowed: String(actor.tenant) }],
    });
  }
  return {
    ...fields,
    tenant: actor.tenant ?? tenant,
    text: text?.toLowerCase(),
    created_after: range && new Date(range.start),
    created_before: range && new Date(range.end),
  };
}
