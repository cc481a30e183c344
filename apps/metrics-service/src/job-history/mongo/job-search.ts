import type { Filter } from 'mongodb';
import { DEFAULT_TENANT, placeOfBundledJob } from '@kintsugi/contracts';
import type { JobFilter, JobOrder, JobPosition } from '../domain/job-history.js';
import type { HistoryPage } from './history-page.js';
import { filterFields, formerNameOf, indexNameOf, uncompletedIndex, type FilterField, type IndexedField } from './job-indexes.js';

/** Letters whose other cases are beyond ASCII. */
const dottedI = '[i\u0130]';
const kelvin = '[k\u212A]';
const restOfKey = String.raw`(?:[^"\\]|\\.)*`;

/** An index in the order of the list, by its name, and the pages that are read where it is. */
export interface ReadIndex {
  index: string;
  bounds: Filter<HistoryPage>;
}

export interface JobSearch {
  query: Filter<HistoryPage>;
  /** From the most telling one to the least, as far as their kinds say. */
  indexes: [ReadIndex, ...ReadIndex[]];
}

/** The query for the pages of a list, which may hold other jobs too, and the indexes by which it can be read. */
export function searchOf(
  filter: JobFilter,
  after: JobPosition | null,
  order: JobOrder,
  indexed: readonly IndexedField[],
): JobSearch {
  const statuses = filter.status && filter.status.length > 0 ? filter.status : null;
  const uncompleted = statuses !== null && !statuses.includes('completed');
  const { tenant, label } = filter;
  const created = { 'head.created_at': creationRange(filter, after, order) };
  const fields = fieldsGiven(filter).map((field) => ({ field, bounds: { [`head.${field}`]: filter[field] } }));
  // Pages from before there were tenants hold the default's.
  const ofTenant = { 'head.tenant': tenant === DEFAULT_TENANT ? { $in: [tenant, null] } : tenant };
  const ofStatus = statuses === null ? {} : { [uncompleted ? 'uncompleted_status' : 'status']: { $in: [...statuses] } };
  const query: Filter<HistoryPage> = {
    ...Object.fromEntries(fieldsGiven(filter).map((field) => [`head.${field}`, filter[field]])),
    ...(tenant === undefined ? {} : ofTenant),
    ...(label === undefined ? {} : { label_pairs: label }),
    ...ofStatus,
    ...rowsWith(filter.text),
    ...rowsFailedBy(filter.error_types),
    ...created,
  };
  const found: { field: IndexedField | 'uncompleted'; bounds: Filter<HistoryPage> }[] = [
    ...fields.filter(({ field }) => field !== 'type'),
    ...(label === undefined ? [] : [{ field: 'label' as const, bounds: { label_pairs: label } }]),
    ...(uncompleted ? [{ field: 'uncompleted' as const, bounds: ofStatus }] : []),
    ...(tenant === undefined || tenant === DEFAULT_TENANT ? [] : [{ field: 'tenant' as const, bounds: ofTenant }]),
    ...fields.filter(({ field }) => field === 'type'),
  ];
  const byCreation = indexed.includes('creation') ? indexNameOf('creation') : formerNameOf('creation');
  const [first = { index: byCreation, bounds: {} }, ...others] = found.flatMap(({ field, bounds }) => {
    if (field === 'uncompleted') return { index: uncompletedIndex.options.name, bounds };
    return indexed.includes(field) ? { index: indexNameOf(field), bounds } : [];
  });
  const within = ({ index, bounds }: ReadIndex): ReadIndex => ({ index, bounds: { ...bounds, ...created } });
  return { query, indexes: [within(first), ...others.map(within)] };
}

/**
 * Leaves out in the database what cannot hold the words, which else is read and unpacked for nothing. Where their letters have other
 * cases than the database knows, or they may stand apart in the rows, as both sides of a label do, all is read.
 */
function rowsWith(text: string | undefined): Filter<HistoryPage> {
  if (text === undefined || !/^[ -~]+$/.test(text) || text.includes('=')) return {};
  return { rows: new RegExp(asWritten(text).replaceAll('i', dottedI).replaceAll('k', kelvin), 'i') };
}

/**
 * Types stand in the rows as keys of counts. Nothing is looked for beyond its own key: a search across the page would begin anew in
 * each of its rows.
 */
function rowsFailedBy(types: readonly string[] | undefined): Filter<HistoryPage> {
  if (types === undefined) return {};
  const keys = types.map((type) => (type.endsWith('*') ? `${asWritten(type.slice(0, -1))}${restOfKey}` : asWritten(type)));
  return { $and: [{ rows: new RegExp(`"(?:${keys.join('|')})":[0-9]`) }] };
}

/**
 * The pages on which a job may be. Of a bundle each job may be on a page of its own: the index tells on which it is, and only those
 * from before it did are looked through.
 */
export function pagesOfJob(jobId: string): Filter<HistoryPage> {
  const place = placeOfBundledJob(jobId);
  if (place === null) return { _id: jobId };
  const bundle = place.chunkId;
  const told = { bundle, places: new RegExp(`(?:^| )${place.index}(?: |$)`) };
  const untold = { bundle, places: { $exists: false }, rows: new RegExp(`"job_id":"${asWritten(jobId)}"`) };
  return { $or: [{ _id: jobId }, told, untold] };
}

/** As a pattern of how it stands in JSON. */
function asWritten(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
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
