import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LayDownHours } from '../commands/lay-down-hours.js';
import { jobAt } from '../hour-columns-conformance.js';
import { HourColumnsInMemory } from '../hour-columns-in-memory.js';
import { hourMs, hourOf } from '../domain/history-hours.js';
import { isAfter, isAskedFor } from '../domain/job-filter.js';
import type { JobCount, JobFilter, JobHistory, JobListing, JobOrder, JobPosition } from '../domain/job-history.js';
import type { JobHead, JobRow } from '../domain/job-row.js';
import { SearchHistory } from './search-history.js';

const now = Date.now();
const start = hourOf(now) - 10 * hourMs;
const retentionMs = 90 * 86_400_000;

/** Jobs in memory, which counts those that are looked at. */
class Jobs {
  looks = 0;

  constructor(public rows: JobRow[]) {}

  async *read({ filter, order, after, made }: JobListing): AsyncGenerator<JobRow> {
    const { created_after: from, created_before: before } = filter;
    for (const row of inOrder(this.rows, order)) {
      const at = row.head?.created_at ?? 0;
      if (!isAskedFor(row, { created_after: from, created_before: before }) || (made && !made.includes(at))) continue;
      this.looks += 1;
      if (isAskedFor(row, filter) && (after === null || isAfter(row, after, order))) yield await Promise.resolve(row);
    }
  }

  count({ filter, expected }: JobListing): Promise<JobCount> {
    const jobs = this.rows.filter((row) => isAskedFor(row, filter)).length;
    return Promise.resolve({ jobs: Math.min(jobs, expected), isCapped: jobs > expected });
  }
}

function inOrder(rows: readonly JobRow[], order: JobOrder): JobRow[] {
  const placeOf = ({ head, job_id }: JobRow): JobPosition => ({ created_at: head?.created_at ?? 0, job_id });
  return rows.toSorted((one, other) => (isAfter(one, placeOf(other), order) ? 1 : -1));
}

function jobWith(offset: number, head: Partial<JobHead>): JobRow {
  const row = jobAt(start, offset);
  return { ...row, head: { ...row.head, ...head } as JobHead };
}

/** An hour of so many jobs is read by its columns. */
const crowdOfHour = 600;

function crowd(hour: number): JobRow[] {
  return Array.from({ length: crowdOfHour }, (_, at) => jobWith(hour * hourMs + at * 1_000, { user_id: `crowd-${at % 7}` }));
}

async function laidDown(jobs: Jobs, columns: HourColumnsInMemory): Promise<number> {
  const laying = new LayDownHours(jobs as unknown as JobHistory, columns);
  return laying.execute(now, retentionMs, new AbortController().signal);
}

function searching(jobs: Jobs, columns: HourColumnsInMemory) {
  const search = new SearchHistory(jobs as unknown as JobHistory, columns, { HISTORY_RETENTION_DAYS: 90 });
  return async (filter: JobFilter, order: JobOrder = 'desc', after: JobPosition | null = null): Promise<string[]> => {
    const found: string[] = [];
    for await (const row of search.read({ filter, order, after, expected: 50 })) found.push(row.job_id);
    return found;
  };
}

const words = ['Mail', 'report-Ä', 'ſend', 'İzmir', 'crowd-3', 'x=y'];
const job = fc.record({
  offset: fc.integer({ min: 0, max: 11 * hourMs }),
  type: fc.constantFrom('mail.send', 'report', 'zoo'),
  group: fc.constantFrom(...words),
  user: fc.constantFrom(...words),
  product: fc.constantFrom(...words),
  labels: fc.dictionary(fc.constantFrom('team', 'Region', 'x'), fc.constantFrom(...words)),
});

const text = fc.constantFrom(
  'mail',
  'ail',
  'report-ä',
  'send',
  'i\u0307z',
  'crowd-3',
  'n=mail',
  'team=',
  'x=y',
  'zzz',
  'job',
  'f',
  '01',
);

describe('a search of the history by text', () => {
  test('finds what the rows say, whichever hours are laid down, in both orders and from any place on', async () => {
    const bound = fc.integer({ min: -1, max: 12 }).map((hours) => new Date(start + hours * hourMs + 1_234));
    const asked = fc.record({ text, created_after: bound, created_before: bound }, { requiredKeys: ['text'] });
    const order = fc.constantFrom<JobOrder[]>('asc', 'desc');
    await fc.assert(
      fc.asyncProperty(
        fc.array(job, { maxLength: 40 }),
        asked,
        order,
        fc.nat(3),
        fc.nat(9),
        async (told, filter, by, changed, at) => {
          const some = told.map(({ offset, type, group, user, product, labels }) =>
            jobWith(offset, {
              type,
              sending_group_id: group,
              user_id: user,
              product_id: product,
              labels,
              created_at: start + offset,
            }),
          );
          const jobs = new Jobs([...some, ...crowd(1), ...crowd(2), ...crowd(4)]);
          const columns = new HourColumnsInMemory();
          expect(await laidDown(jobs, columns)).toBeGreaterThanOrEqual(3);
          await columns.markChanged(Array.from({ length: changed }, (_, hour) => start + 2 * hour * hourMs));
          const expected = inOrder(jobs.rows, by).filter((row) => isAskedFor(row, filter));
          const find = searching(jobs, columns);
          const ids = expected.map(({ job_id: id }) => id);
          expect(await find(filter, by)).toEqual(ids);
          const last = expected[at];
          const place = last?.head ? { created_at: last.head.created_at, job_id: last.job_id } : null;
          expect(await find(filter, by, place)).toEqual(place === null ? ids : ids.slice(at + 1));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('looks only at jobs that were made when one with the text was, of hours that are laid down', async () => {
    const meant = jobWith(2 * hourMs + 5_000, { labels: { customer: 'Zoe' } });
    const jobs = new Jobs([...crowd(1), ...crowd(2), ...crowd(3), meant]);
    const columns = new HourColumnsInMemory();
    await laidDown(jobs, columns);
    jobs.looks = 0;
    expect(await searching(jobs, columns)({ text: 'customer=zoe' })).toEqual([meant.job_id]);
    // One of the crowd was made in the same moment.
    expect(jobs.looks).toBe(2);
  });

  test('finds a job that came into an hour after it was laid down', async () => {
    const jobs = new Jobs([...crowd(1), ...crowd(2)]);
    const columns = new HourColumnsInMemory();
    await laidDown(jobs, columns);
    const late = jobWith(2 * hourMs + 7, { sending_group_id: 'too-late' });
    jobs.rows.push(late);
    await columns.markChanged([start + 2 * hourMs]);
    expect(await searching(jobs, columns)({ text: 'too-late' })).toEqual([late.job_id]);
  });

  test('reads no columns where an index leads to the few jobs that may have it', async () => {
    const some = [1, 2, 3].map((hour) => jobWith(hour * hourMs, { sending_group_id: 'few', labels: { customer: 'Zoe' } }));
    const jobs = new Jobs([...crowd(1), ...crowd(2), ...crowd(3), ...some]);
    const columns = new HourColumnsInMemory();
    await laidDown(jobs, columns);
    let reads = 0;
    const read = columns.read.bind(columns);
    columns.read = (hours) => {
      reads += 1;
      return read(hours);
    };
    const ids = some.map(({ job_id: id }) => id);
    const find = searching(jobs, columns);
    expect(await find({ text: 'customer=zoe', sending_group_id: 'few' }, 'asc')).toEqual(ids);
    expect(reads).toBe(0);
    expect(await find({ text: 'customer=zoe' }, 'asc')).toEqual(ids);
    expect(reads).toBeGreaterThan(0);
  });

  test('looks for what may be a part of an id in all rows', async () => {
    const jobs = new Jobs([...crowd(1), ...crowd(2)]);
    const columns = new HourColumnsInMemory();
    await laidDown(jobs, columns);
    const id = jobs.rows[0]?.job_id ?? '';
    expect(await searching(jobs, columns)({ text: id.slice(3, -1) })).toContain(id);
  });
});
