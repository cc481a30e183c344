import { DEFAULT_TENANT, placeOfBundledJob, type JobStatus } from '@kintsugi/contracts';
import { joinRows, type JobHead, type JobRow } from '../domain/job-row.js';
import { hasEnded, stateOf } from '../domain/job-state.js';

/** The value that all rows of a page have, or the values that they have. */
type OneOrMore<Value> = Value | Value[];

/**
 * Rows as they are stored: what is searched by as fields, over all rows of the page, and the rows, which are not, as one
 * text. In a flood that is what a database can take: a page of 256 jobs costs it little more than the page of one.
 */
export interface HistoryPage {
  /** Of a page of one row its job's id. */
  _id: string;
  /** The bundle whose completed jobs it holds; absent on the page of one job. */
  bundle?: string;
  /** The places of its jobs in the bundle, parted by spaces: an index tells by it on which page a job is. Absent on pages from before. */
  places?: string;
  /** Whether it is a bundle's, and nevertheless of one job: an index tells by it how many jobs it finds. */
  alone?: true;
  /** Rises with each write, so that a write that read an older page is noticed. */
  rev: number;
  status: OneOrMore<JobStatus>;
  /** Statuses of jobs that have not completed: what one looks for among the many that have. */
  uncompleted_status?: OneOrMore<JobStatus>;
  /** `key=value` of each label. */
  label_pairs?: string[];
  /** When job-service noted the last of their ends, from which on it is kept for a while; absent until every job of it has ended. */
  finished_at?: Date;
  /** Absent while the creation is not known. */
  head?: Pick<JobHead, 'type' | 'product_id' | 'user_id' | 'tenant'> & { created_at: Date; sending_group_id: OneOrMore<string> };
  /** The rows as a list in JSON. */
  rows: string;
}

/** A row on its way to its page. */
export interface RowText {
  row: JobRow;
  /** The row as JSON. */
  text: string;
  pageId: string;
  bundle: string | null;
}

/** Longer rows, of jobs with very many labels, have a page each: a page must stay below the 16 MB of a document. */
const sharedTextMax = 8_000;

/**
 * Where a row goes unless it is somewhere already. Completed jobs of a bundle share a page: they are mostly written
 * together, and nothing changes them any more. Jobs of one bundle have their type and time of creation in common, those
 * of one page also what must be one value, because an index can hold one list of a document and no second.
 */
export function rowText(row: JobRow): RowText {
  const text = JSON.stringify(row);
  const place = placeOfBundledJob(row.job_id);
  if (place === null || row.head === null || text.length > sharedTextMax || stateOf(row).status !== 'completed') {
    return { row, text, pageId: row.job_id, bundle: null };
  }
  const { product_id, user_id, tenant } = row.head;
  const alike = [product_id, user_id, ...(tenant === DEFAULT_TENANT ? [] : [tenant])];
  return { row, text, pageId: `${place.chunkId} ${JSON.stringify(alike)}`, bundle: place.chunkId };
}

/** A page of rows that belong on it. */
export function pageOf(
  id: string,
  bundle: string | null,
  rows: readonly { row: JobRow; text: string }[],
  rev: number,
): HistoryPage {
  const states = rows.filter(({ row }) => !row.deleted).map(({ row }) => stateOf(row));
  const heads = rows.flatMap(({ row }) => row.head ?? []);
  const statuses = distinct(states.map(({ status }) => status));
  const uncompleted = statuses.filter((status) => status !== 'completed');
  const labels = distinct(heads.flatMap((head) => Object.entries(head.labels).map(([key, value]) => `${key}=${value}`)));
  const endings = rows.flatMap(({ row }) => row.deleted?.at ?? (hasEnded(row) ? (row.ending?.at ?? []) : []));
  return {
    _id: id,
    ...(bundle === null ? {} : { bundle, places: placesOf(rows), ...(rows.length === 1 ? { alone: true as const } : {}) }),
    rev,
    status: oneOrMore(statuses),
    ...(endings.length < rows.length ? {} : { finished_at: new Date(Math.max(...endings)) }),
    ...(uncompleted.length === 0 ? {} : { uncompleted_status: oneOrMore(uncompleted) }),
    ...(labels.length === 0 ? {} : { label_pairs: labels }),
    ...(heads.length === 0 ? {} : { head: searchedOf(heads) }),
    rows: `[${rows.map(({ text }) => text).join(',')}]`,
  };
}

export function rowsOf(page: Pick<HistoryPage, 'rows'>): JobRow[] {
  return JSON.parse(page.rows) as JobRow[];
}

/** The rows of pages, each job once. */
export function joinedRows(pages: readonly Pick<HistoryPage, 'rows'>[]): JobRow[] {
  return joined(pages.flatMap(rowsOf));
}

export function joined(rows: readonly JobRow[]): JobRow[] {
  const byJob = new Map<string, JobRow>();
  for (const row of rows) {
    const other = byJob.get(row.job_id);
    byJob.set(row.job_id, other ? joinRows(other, row) : row);
  }
  return [...byJob.values()];
}

function placesOf(rows: readonly { row: JobRow }[]): string {
  return rows.map(({ row }) => placeOfBundledJob(row.job_id)?.index).join(' ');
}

function searchedOf(heads: readonly JobHead[]): NonNullable<HistoryPage['head']> {
  const [{ created_at, type, product_id, user_id, tenant }] = heads as [JobHead];
  const groups = distinct(heads.map(({ sending_group_id }) => sending_group_id));
  return { created_at: new Date(created_at), type, product_id, user_id, tenant, sending_group_id: oneOrMore(groups) };
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

function oneOrMore<Value>(values: Value[]): OneOrMore<Value> {
  return values.length === 1 ? (values[0] as Value) : values;
}
