import { MongoServerError, type Collection, type Filter } from 'mongodb';
import { isAfter, isAskedFor } from '../domain/job-filter.js';
import type { JobCount, JobFilter, JobListing } from '../domain/job-history.js';
import { fewestPages } from './fewest-pages.js';
import { joinedRows, type HistoryPage } from './history-page.js';
import { indexNameOf, type IndexedField } from './job-indexes.js';
import { searchOf } from './job-search.js';
import { inTurns, pagesPerBatch } from './pages-in-turns.js';

/** Of the database's time, for each of two looks: nobody should wait for a total who has asked for a page. */
const countMsMax = 300;
const timeIsUp = 50;

/** Ids of pages that no bundle shares are ids of jobs, and come after all others. */
const firstOwnId = 'job_';
const isOfBundle = { _id: { $lt: firstOwnId } };
const isOfSeveral = { ...isOfBundle, alone: { $ne: true as const } };

/**
 * Counts on the index where that tells all: what lies far apart takes long to read. Only pages of bundles are read, unless the index
 * tells that their job is alone there, and, from where the page ended, those of a filter that is about what no index has. A job that
 * is on two pages counts twice.
 */
export async function countJobs(
  pages: Collection<HistoryPage>,
  indexed: readonly IndexedField[],
  { filter, order, after, expected }: JobListing,
  read: number,
): Promise<JobCount> {
  const place = isByRows(filter) ? after : null;
  const { query, indexes } = searchOf(filter, place, order, indexed);
  const bounds = { hint: await fewestPages(pages, indexes), maxTimeMS: countMsMax };
  const tellsAlone = indexed.some((field) => indexNameOf(field) === bounds.hint);
  let jobs = isByRows(filter) ? read : 0;
  const result = (isCapped: boolean): JobCount => ({ jobs: Math.min(Math.max(jobs, read), expected), isCapped });
  try {
    if (!isByRows(filter)) {
      const { own, shared } = await pageCounts(pages, query, bounds, { limit: expected + 1, tellsAlone });
      const isWhole = own + shared <= expected;
      if (own > expected || (!isWhole && isOfWholePages(filter))) return { jobs: expected, isCapped: true };
      jobs = isWhole ? own : 0;
      if (isWhole && shared === 0) return result(false);
      if (isWhole) Object.assign(query, tellsAlone ? isOfSeveral : isOfBundle);
    }
    const cursor = pages.find(query, { ...bounds, batchSize: pagesPerBatch }).project<Pick<HistoryPage, 'rows'>>({ rows: 1 });
    for await (const page of inTurns(cursor)) {
      const rows = joinedRows([page]).filter((row) => isAskedFor(row, filter));
      jobs += place === null ? rows.length : rows.filter((row) => isAfter(row, place, order)).length;
      if (jobs > expected) return { jobs: expected, isCapped: true };
    }
    return result(false);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== timeIsUp) throw error;
    return result(true);
  }
}

/** How many pages a query finds: those that are told to be of one job each, and all others. */
async function pageCounts(
  pages: Collection<HistoryPage>,
  query: Filter<HistoryPage>,
  bounds: { hint: string; maxTimeMS: number },
  { limit, tellsAlone }: { limit: number; tellsAlone: boolean },
): Promise<{ own: number; shared: number }> {
  const hasOwnId = { $gte: ['$_id', firstOwnId] };
  // What the index does not tell is not asked for: each page would be fetched for it.
  const own = { $sum: { $cond: [tellsAlone ? { $or: ['$alone', hasOwnId] } : hasOwnId, 1, 0] } };
  const steps = [{ $match: query }, { $limit: limit }, { $group: { _id: null, all: { $sum: 1 }, own } }];
  const counts = await pages.aggregate<{ all: number; own: number }>(steps, bounds).next();
  return counts === null ? { own: 0, shared: 0 } : { own: counts.own, shared: counts.all - counts.own };
}

/** Whether a filter is about what stands in rows only. */
function isByRows({ text, error_types: errorTypes, duration_ms: duration }: JobFilter): boolean {
  return text !== undefined || errorTypes !== undefined || duration !== undefined;
}

/** Whether each page that a filter finds has a job that it is about: of what jobs of a page differ in, it names one thing at most. */
function isOfWholePages({ label, sending_group_id: group, status }: JobFilter): boolean {
  return [label, group, status].filter((one) => one !== undefined).length <= 1;
}
