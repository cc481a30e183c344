import type { Filter } from 'mongodb';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { JobFilter, JobOrder, JobPosition } from '../domain/job-history.js';
import type { HistoryPage } from './history-page.js';
import { creationIndex, filterFields, labelIndex, uncompletedIndex, type FilterField } from './job-indexes.js';

/** Letters whose other cases are beyond ASCII. */
const dottedI = '[i\u0130]';
const kelvin = '[k\u212A]';

export interface JobSearch {
  query: Filter<HistoryPage>;
  /** Name of the index to read, in the order of the list. */
  index: string;
}

/** The query for the pages of a list, which may hold other jobs too, and the index that leaves the least to look through. */
export function searchOf(
  filter: JobFilter,
  after: JobPosition | null,
  order: JobOrder,
  indexed: readonly FilterField[],
): JobSearch {
  const statuses = filter.status && filter.status.length > 0 ? filter.status : null;
  const uncompleted = statuses !== null && !statuses.includes('completed');
  const query: Filter<HistoryPage> = {
    ...Object.fromEntries(fieldsGiven(filter).map((field) => [`head.${field}`, filter[field]])),
    // Pages from before there were tenants hold the default's.
    ...(filter.tenant === undefined ? {} : { 'head.tenant': { $in: tenantsOf(filter.tenant) } }),
    ...(filter.label === undefined ? {} : { label_pairs: filter.label }),
    ...(statuses === null ? {} : { [uncompleted ? 'uncompleted_status' : 'status']: { $in: [...statuses] } }),
    ...rowsWith(filter.text),
    'head.created_at': creationRange(filter, after, order),
  };
  return { query, index: indexFor(filter, uncompleted, indexed) };
}

/**
 * Leaves out in the database what cannot hold the words, which else is read and unpacked for nothing. Where their letters have other
 * cases than the database knows, or they may stand apart in the rows, as both sides of a label do, all is read.
 */
function rowsWith(text: string | undefined): Filter<HistoryPage> {
  if (text === undefined || !/^[ -~]+$/.test(text) || text.includes('=')) return {};
  const written = JSON.stringify(text).slice(1, -1);
  const pattern = written
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('i', dottedI)
    .replaceAll('k', kelvin);
  return { rows: new RegExp(pattern, 'i') };
}

function tenantsOf(tenant: string): (string | null)[] {
  return tenant === DEFAULT_TENANT ? [tenant, null] : [tenant];
}

/** The first that fits, from the most telling filter to the least. */
function indexFor(filter: JobFilter, uncompleted: boolean, indexed: readonly FilterField[]): string {
  const fields = fieldsGiven(filter).filter((field) => indexed.includes(field));
  const telling = fields.find((field) => field !== 'type');
  if (telling) return telling;
  if (filter.label !== undefined) return labelIndex.options.name;
  if (uncompleted) return uncompletedIndex.options.name;
  return fields[0] ?? creationIndex.options.name;
}

function fieldsGiven(filter: JobFilter): FilterField[] {
  return filterFields.filter((field) => filter[field] !== undefined);
}

/** The lower bound also leaves out the rows whose creation is not known. */
function creationRange({ created_after, created_before }: JobFilter, after: JobPosition | null, order: JobOrder) {
  const start = created_after ?? new Date(0);
  const place = after === null ? null : new Date(after.created_at);
  return {
    $gte: place !== null && order === 'asc' && place > start ? place : start,
    ...(created_before === undefined ? {} : { $lt: created_before }),
    ...(place === null || order === 'asc' ? {} : { $lte: place }),
  };
}
