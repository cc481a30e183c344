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
import { HistorySummary } from '../domain/history-summary.js';
import { JobHistory, type JobFilter, type JobPosition } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { batchJobOf } from '../domain/job-state.js';
import { cursorAfter, decodeCursor } from './page-cursor.js';

interface Part {
  skip: number;
  take: number;
  /** Jobs after which nothing more is read. */
  readMax: number;
  summary?: HistorySummary;
}

/**
 * A search in all history, page by page, with sums over everything that it is about. Sums read each job that the filters
 * leave; without them no more is read than the page, and what it takes to count up to the bound of a total.
 */
@Injectable()
export class FetchJobHistory {
  constructor(private readonly history: JobHistory) {}

  async execute({ filters, pagination, sort, aggregations }: Request, origin: Origin): Promise<JobHistoryPage> {
    const { page, per_page: perPage, cursor } = pagination;
    const filter = filterOf(filters, origin);
    const after = cursor === undefined ? null : decodeCursor(cursor, filter, sort.order);
    const collect = (from: JobPosition | null, part: Part): Promise<{ rows: JobRow[]; read: number }> =>
      this.collect({ filter, order: sort.order, after: from, expected: part.readMax }, part);
    const isSummed = Object.values(aggregations).some(Boolean);
    const summary = new HistorySummary(aggregations);
    const skip = after === null ? (page - 1) * perPage : 0;
    const countMax = Math.max(historyTotalMax, skip + perPage);
    const readMax = isSummed ? Infinity : countMax + 1;
    const whole =
      after === null
        ? await collect(null, { skip, take: perPage + 1, readMax, ...(isSummed ? { summary } : {}) })
        : isSummed && (await collect(null, { skip: 0, take: 0, readMax, summary }));
    const { rows } = after === null && whole ? whole : await collect(after, { skip: 0, take: perPage + 1, readMax: perPage + 1 });
    const shownRows = rows.slice(0, perPage);
    return {
      items: shownRows.map(batchJobOf).filter((job) => job !== null),
      pagination: {
        page: cursor === undefined ? page : null,
        per_page: perPage,
        total: whole ? Math.min(whole.read, readMax - 1) : null,
        total_is_capped: whole ? whole.read >= readMax : true,
        next_cursor: rows.length > perPage ? cursorAfter(shownRows.at(-1), filter, sort.order) : null,
      },
      ...(isSummed ? { aggregations: summary.result() } : {}),
    };
  }

  private async collect(
    listing: Parameters<JobHistory['read']>[0],
    { skip, take, readMax, summary }: Part,
  ): Promise<{ rows: JobRow[]; read: number }> {
    const rows: JobRow[] = [];
    let read = 0;
    for await (const row of this.history.read(listing)) {
      read += 1;
      summary?.add(row);
      if (read > skip && rows.length < take) rows.push(row);
      if (read >= readMax) break;
    }
    return { rows, read };
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
