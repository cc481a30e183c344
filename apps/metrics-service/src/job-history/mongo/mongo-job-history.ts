import type { AnyBulkWriteOperation, Collection } from 'mongodb';
import { placeOfBundledJob } from '@kintsugi/contracts';
import { duplicatesIn, type Store } from '@kintsugi/persistence';
import { hoursToMark } from '../domain/history-hours.js';
import type { HourColumns } from '../domain/hour-columns.js';
import { isAfter, isAskedFor } from '../domain/job-filter.js';
import type { JobCount, JobHistory, JobListing, JobNews, NewestJobs } from '../domain/job-history.js';
import { joinRows, type JobRow } from '../domain/job-row.js';
import { countJobs } from './count-jobs.js';
import { fewestPages } from './fewest-pages.js';
import { joinedRows, pageOf, rowText, rowsOf, type HistoryPage, type RowText } from './history-page.js';
import { historyCollection, type IndexedField } from './job-indexes.js';
import { pagesOfJob, searchOf } from './job-search.js';
import { newestBetween } from './newest-between.js';
import { inTurns, pagesPerBatch } from './pages-in-turns.js';

/** Another replica can win the same page; this often in a row it cannot be chance. */
const joinAttemptsMax = 20;
type ReadPage = Pick<HistoryPage, 'rows' | 'head'>;

/**
 * The history in MongoDB, in pages. A page that is new costs one insert; rows that may be known are read, joined and
 * replaced on condition that their page is still the one that was read. Should a job ever be on two pages, because two
 * replicas learnt different things of it, every reader sees both joined.
 */
export class MongoJobHistory implements JobHistory {
  private readonly pages: Collection<HistoryPage>;

  constructor(
    store: Store,
    private readonly indexed: readonly IndexedField[],
    private readonly columns: HourColumns,
  ) {
    this.pages = store.collection<HistoryPage>(historyCollection);
  }

  async record(news: readonly JobNews[]): Promise<void> {
    const mayBeKnown = ({ row, repeated }: JobNews): boolean => repeated || row.head === null;
    const fresh = news.filter((item) => !mayBeKnown(item)).map(({ row }) => row);
    const known = await this.changing(fresh, () => this.insert(fresh.map(rowText)));
    await this.join([...news.filter(mayBeKnown).map(({ row }) => row), ...known]);
  }

  async find(jobId: string): Promise<JobRow | null> {
    const pages = await this.pages.find(pagesOfJob(jobId), { projection: { rows: 1 } }).toArray();
    const rows = pages.flatMap(rowsOf).filter(({ job_id }) => job_id === jobId);
    const row = rows.length === 0 ? null : rows.reduce(joinRows);
    return row?.deleted ? null : row;
  }

  async between(from: string, before: string): Promise<JobRow[]> {
    const single = { _id: { $gte: `job_${from}`, $lt: `job_${before}` } };
    const shared = { _id: { $gte: from, $lt: before } };
    const pages = await this.pages.find({ $or: [single, shared] }, { projection: { rows: 1 } }).toArray();
    return joinedRows(pages);
  }

  newest(from: string, before: string): Promise<NewestJobs> {
    return newestBetween(this.pages, from, before);
  }

  async *read({ filter, order, after, expected, made }: JobListing): AsyncGenerator<JobRow, void, undefined> {
    const { query, indexes } = searchOf(filter, after, order, this.indexed);
    const index = await fewestPages(this.pages, indexes);
    const direction = order === 'asc' ? 1 : -1;
    const cursor = this.pages
      .find(made === undefined ? query : { $and: [query, { 'head.created_at': { $in: made.map((at) => new Date(at)) } }] })
      .project<ReadPage>({ rows: 1, 'head.created_at': 1 })
      .sort({ 'head.created_at': direction, _id: direction })
      .hint(index)
      .batchSize(Math.min(expected + 1, pagesPerBatch));
    const inOrder = (pages: ReadPage[]): JobRow[] =>
      joinedRows(pages)
        .filter((row) => isAskedFor(row, filter) && (after === null || isAfter(row, after, order)))
        .sort((a, b) => (a.job_id < b.job_id ? -direction : direction));
    let sameMoment: ReadPage[] = [];
    for await (const page of inTurns(cursor)) {
      if (sameMoment[0]?.head?.created_at.getTime() !== page.head?.created_at.getTime()) {
        yield* inOrder(sameMoment);
        sameMoment = [];
      }
      sameMoment.push(page);
    }
    yield* inOrder(sameMoment);
  }

  count(listing: JobListing, read: number): Promise<JobCount> {
    return countJobs(this.pages, this.indexed, listing, read);
  }

  /** Inserts pages of rows that should be new and gives back the rows of those that were not. */
  private async insert(rows: readonly RowText[]): Promise<JobRow[]> {
    if (rows.length === 0) return [];
    const groups = byPage(rows);
    try {
      await this.pages.insertMany(groups.map(newPage), { ordered: false });
      return [];
    } catch (error) {
      return duplicatesIn(error).flatMap(({ index }) => groups[index]?.map(({ row }) => row) ?? []);
    }
  }

  private async join(rows: readonly JobRow[]): Promise<void> {
    let left = rows;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > joinAttemptsMax) throw new Error(`${left.length} history rows kept changing while they were joined.`);
      left = await this.tryJoin(left);
    }
  }

  /** Gives back the rows that must be looked at again: none, unless something else wrote one of their pages meanwhile. */
  private async tryJoin(news: readonly JobRow[]): Promise<JobRow[]> {
    const pages = await this.pagesWith(news.map(({ job_id }) => job_id));
    const contents = new Map(pages.map((page) => [page._id, new Map(rowsOf(page).map((row) => [row.job_id, row]))]));
    const homes = homesOf(news, contents);
    const known = news.flatMap(({ job_id: id }) => (homes.get(id) ?? []).map((page) => contents.get(page)?.get(id)));
    const operations = joinOperations(news, pages, contents, homes);
    return this.changing([...news, ...known], async () => {
      if (operations.length === 0) return [];
      try {
        const { insertedCount, matchedCount } = await this.pages.bulkWrite(operations, { ordered: false });
        return insertedCount + matchedCount === operations.length ? [] : [...news];
      } catch (error) {
        duplicatesIn(error);
        return [...news];
      }
    });
  }

  /**
   * Announces the change of old hours before and after it, also where nothing is left to be changed: a change that was cut off
   * before it was announced is told again.
   */
  private async changing<Result>(rows: readonly (JobRow | undefined)[], change: () => Promise<Result>): Promise<Result> {
    const hours = hoursToMark(rows, Date.now());
    if (hours.length === 0) return change();
    if (rows.some((row) => row?.deleted)) await this.columns.discard(hours);
    else await this.columns.markChanged(hours);
    const result = await change();
    await this.columns.markChanged(hours);
    return result;
  }

  /** The pages that any of the jobs may be on. */
  private pagesWith(jobIds: readonly string[]): Promise<HistoryPage[]> {
    const bundles = new Set(jobIds.flatMap((id) => placeOfBundledJob(id)?.chunkId ?? []));
    const byId = { _id: { $in: [...jobIds] } };
    const query = bundles.size === 0 ? byId : { $or: [byId, { bundle: { $in: [...bundles] } }] };
    return this.pages.find(query).toArray();
  }
}

/** The pages on which the jobs of the news are, by job. */
function homesOf(news: readonly JobRow[], contents: ReadonlyMap<string, ReadonlyMap<string, JobRow>>): Map<string, string[]> {
  const homes = new Map<string, string[]>(news.map(({ job_id: id }) => [id, []]));
  for (const [page, rows] of contents) {
    for (const id of rows.keys()) homes.get(id)?.push(page);
  }
  return homes;
}

/** What brings the stored pages up to date with the news. */
function joinOperations(
  news: readonly JobRow[],
  pages: readonly HistoryPage[],
  contents: ReadonlyMap<string, Map<string, JobRow>>,
  homes: ReadonlyMap<string, string[]>,
): AnyBulkWriteOperation<HistoryPage>[] {
  const changed = new Set<string>();
  const fresh: RowText[] = [];
  for (const row of news) {
    const home = rowText(row);
    const known = homes.get(row.job_id) ?? [];
    // Of a deleted job nothing may be left on any page.
    const pageIds = known.length === 0 ? [home.pageId] : row.deleted ? known : known.slice(0, 1);
    for (const pageId of pageIds) {
      const rows = contents.get(pageId);
      const before = rows?.get(row.job_id);
      const joined = before ? joinRows(before, row) : row;
      if (!rows) fresh.push(home);
      if (!rows || joined === before) continue;
      rows.set(row.job_id, joined);
      changed.add(pageId);
    }
  }
  return [
    ...byPage(fresh).map((group) => ({ insertOne: { document: newPage(group) } })),
    ...pages
      .filter(({ _id }) => changed.has(_id))
      .map(({ _id, bundle, rev }) => {
        const rows = [...(contents.get(_id)?.values() ?? [])].map((row) => ({ row, text: JSON.stringify(row) }));
        return { replaceOne: { filter: { _id, rev }, replacement: pageOf(_id, bundle ?? null, rows, rev + 1) } };
      }),
  ];
}

function byPage(rows: readonly RowText[]): RowText[][] {
  return [...Map.groupBy(rows, ({ pageId }) => pageId).values()];
}

function newPage(rows: RowText[]): HistoryPage {
  const [{ pageId, bundle }] = rows as [RowText];
  return pageOf(pageId, bundle, rows, 0);
}
