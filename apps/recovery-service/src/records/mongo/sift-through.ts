import type { Collection } from 'mongodb';
import type { StoredErrorRecord } from '../domain/error-record.js';
import { hourMs, hourOf } from '../domain/failure-hours.js';
import { lookMsMax, recordsFirst, recordsMax, type Looked, type Looking } from '../domain/look-through.js';
import type { ErrorRecordFilter, ErrorRecordPlace } from '../error-record-search.js';
import { boundedSearch } from './bounded-search.js';
import type { Candidates, HourSieveStore, PlacesOfHour, SievedHour } from './hour-sieve-store.js';
import { after, newestFirst } from './newest-first.js';
import { recordsAs } from './record-filter.js';

const hoursFirst = 24;
const hoursMax = 256;
/** Parts of hours whose records are named at once. */
const partsNamed = 24;

interface Sifting {
  records: Collection<StoredErrorRecord>;
  sieves: HourSieveStore;
  looking: Looking<StoredErrorRecord, ErrorRecordPlace>;
  filter: ErrorRecordFilter;
  /** Of a sieve, those that what the filter asks for has. */
  rows: readonly number[];
}

/**
 * Looks for what no index leads to: the newest records first, where what is common is found, and then hour by hour, by sieves where
 * those are laid down and step by step where not.
 */
export async function siftThrough(
  sifting: Sifting,
  start: ErrorRecordPlace | null,
  limit: number,
): Promise<Looked<StoredErrorRecord, ErrorRecordPlace>> {
  const { looking } = sifting;
  const found: StoredErrorRecord[] = [];
  const look = async (from: ErrorRecordPlace | null, count: number, end: ErrorRecordPlace | null) => {
    const edge = (await looking.edge(from, count, end)) ?? end;
    found.push(...(await looking.matches(from, edge, limit - found.length)));
    return edge;
  };
  let from = start ?? (await look(null, recordsFirst, null));
  let { rows } = sifting;
  let count = hoursFirst;
  let sifted = 0;
  while (from !== null && found.length < limit) {
    // Never where it began, however long a step takes: whoever goes on from there would not get on.
    if (from !== start && looking.spentMs() >= lookMsMax) return { found, reached: from };
    const { hours, end } = await nextHours(sifting, from, count);
    if (hours.length === 0) {
      from = await look(from, recordsMax, end);
      continue;
    }
    const candidates = await sifting.sieves.candidates(hours, rows);
    if (rows === sifting.rows) rows = candidates.telling(sifting.filter);
    for (const step of stepsOf(hours, candidates.places)) {
      const some = await matchesOf(sifting, step, from, limit - found.length);
      if (!some) {
        from = await look(from, recordsMax, step.end);
        break;
      }
      found.push(...some);
      from = step.end;
      sifted += step.hours;
      if (found.length >= limit || looking.spentMs() >= lookMsMax) break;
    }
    count = hoursWanted(sifted, found.length, limit);
  }
  return { found, reached: null };
}

/** As many as have what is missing, if it is as common there: what is read of others is read for nothing. */
function hoursWanted(sifted: number, found: number, limit: number): number {
  if (found === 0) return hoursMax;
  return Math.min(hoursMax, Math.max(hoursFirst, Math.ceil((sifted * (limit - found)) / found)));
}

/** Hours with sieves that a place leads into; where there is none, the place at which one begins. */
async function nextHours(
  { sieves, filter }: Sifting,
  from: ErrorRecordPlace,
  count: number,
): Promise<{ hours: SievedHour[]; end: ErrorRecordPlace | null }> {
  // Without an id, it is the place behind all records of that time.
  const latest = hourOf(Date.parse(from.timestamp) - (from.id === '' ? 1 : 0));
  const earliest = filter.from === undefined ? 0 : hourOf(Date.parse(filter.from));
  const known = await sieves.before(latest, earliest, count);
  const hours: SievedHour[] = [];
  let parts = 0;
  for (const sieve of known) {
    if (sieve?.hour !== latest - hours.length * hourMs) break;
    parts += sieve.parts;
    // Hours with very many records count for as many as their parts are.
    if (parts > count && hours.length > 0) break;
    hours.push(sieve);
  }
  const next = known.find((sieve) => sieve !== null);
  return { hours, end: next ? startOf(next.hour + hourMs) : null };
}

interface Step {
  /** Null where records are looked at one by one: too many may match, or the hour has just changed. */
  named: PlacesOfHour[] | null;
  places: number;
  /** Of the sieves of what is named. */
  parts: number;
  hours: number;
  begin: ErrorRecordPlace;
  end: ErrorRecordPlace;
}

function stepsOf(hours: readonly SievedHour[], candidates: Candidates['places']): Step[] {
  const steps: Step[] = [];
  hours.forEach((sieve, at) => {
    const places = candidates[at];
    const last = steps.at(-1);
    const end = startOf(sieve.hour);
    const named = places && places.length <= recordsMax ? (places.length > 0 ? [{ sieve, places }] : []) : null;
    const count = places?.length ?? 0;
    const parts = count > 0 ? sieve.parts : 0;
    if (last?.named && named && last.parts + parts <= partsNamed && last.places + count <= recordsFirst) {
      last.named.push(...named);
      last.places += count;
      last.parts += parts;
      last.hours += 1;
      last.end = end;
    } else {
      steps.push({ named, places: count, parts, hours: 1, begin: startOf(sieve.hour + hourMs), end });
    }
  });
  return steps;
}

/** Null where a sieve no longer holds. */
async function matchesOf(
  { records, sieves, filter }: Sifting,
  { named, begin, end }: Step,
  from: ErrorRecordPlace,
  limit: number,
): Promise<StoredErrorRecord[] | null> {
  if (!named) return null;
  if (named.length === 0) return [];
  const ids = await sieves.idsAt(named);
  if (!ids) return null;
  const _id = { $in: ids };
  const timestamp = { $gte: end.timestamp, $lt: begin.timestamp };
  return records
    .find({ $and: [{ _id, timestamp }, recordsAs(filter), after(from)] }, { ...boundedSearch, hint: { _id: 1 } })
    .sort(newestFirst)
    .limit(limit)
    .toArray();
}

/** The place behind all records of an hour. */
function startOf(hour: number): ErrorRecordPlace {
  return { timestamp: new Date(hour).toISOString(), id: '' };
}
