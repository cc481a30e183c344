import type { Collection, Filter } from 'mongodb';
import { jobIdOf } from '@kintsugi/contracts';
import type { NewestJobs } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { joined, rowsOf, type HistoryPage } from './history-page.js';
import { inTurns, pagesPerBatch } from './pages-in-turns.js';

/** Characters of rows after which no further UUID is begun: more than the jobs of a page of the record come to. */
const textMax = 1_000_000;
const uuidLength = 36;

interface PageRows {
  uuid: string;
  rows: JobRow[];
}

/** The newest jobs of a range of UUIDs, and how far down they reach: of each UUID all jobs or none. */
export async function newestBetween(pages: Collection<HistoryPage>, from: string, before: string): Promise<NewestJobs> {
  const ids = [
    { $gte: jobIdOf(from), $lt: jobIdOf(before) },
    { $gte: from, $lt: before },
  ];
  const parts = await Promise.all(ids.map((_id) => newestPages(pages, { _id })));
  const reached = parts.reduce((lowest, part) => (part.from > lowest ? part.from : lowest), from);
  const read = parts.flatMap((part) => part.pages).filter(({ uuid }) => uuid >= reached);
  return { from: reached, rows: joined(read.flatMap(({ rows }) => rows)) };
}

async function newestPages(
  pages: Collection<HistoryPage>,
  range: Filter<HistoryPage>,
): Promise<{ pages: PageRows[]; from: string }> {
  const read: PageRows[] = [];
  let text = 0;
  const cursor = pages.find(range).project<Pick<HistoryPage, '_id' | 'rows'>>({ rows: 1 }).sort({ _id: -1 });
  for await (const page of inTurns(cursor.batchSize(pagesPerBatch))) {
    const uuid = uuidOf(page._id);
    const last = read.at(-1)?.uuid;
    if (text > textMax && last !== undefined && last !== uuid) return { pages: read, from: last };
    read.push({ uuid, rows: rowsOf(page) });
    text += page.rows.length;
  }
  return { pages: read, from: '' };
}

/** Of a page of one job, or of a bundle. */
function uuidOf(pageId: string): string {
  const start = pageId.startsWith(jobIdOf('')) ? jobIdOf('').length : 0;
  return pageId.slice(start, start + uuidLength);
}
