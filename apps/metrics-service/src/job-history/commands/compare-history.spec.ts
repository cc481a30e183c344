import { expect, it } from '@jest/globals';
import { digestOfJobs, uuidBoundOf, type JobVersion } from '@kintsugi/contracts';
import { versionOf } from '../domain/job-correction.js';
import type { JobHistory, NewestJobs } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';
import { jobAt } from '../hour-columns-conformance.js';
import { CompareHistory, type JobRecords } from './compare-history.js';

const day = { from: uuidBoundOf(0), before: uuidBoundOf(100_000) };
const most = 10;

/** Jobs by their time, which the record has or not; the history gives few of many at once, as the one in MongoDB does. */
function setUp(rows: JobRow[], isRecorded: boolean) {
  const uuidOf = (id: string): string => id.slice('job_'.length);
  const within = (range: typeof day, some: JobRow[]): JobRow[] =>
    some.filter(({ job_id: id }) => uuidOf(id) >= range.from && uuidOf(id) < range.before);
  const given: number[] = [];
  const newest = async (from: string, before: string): Promise<NewestJobs> => {
    const all = within({ from, before }, rows).sort((a, b) => (a.job_id < b.job_id ? 1 : -1));
    const some = all.slice(0, most);
    given.push(some.length);
    return { from: some.length < all.length ? uuidOf(some.at(-1)?.job_id ?? '') : from, rows: some };
  };
  const recorded = (range: typeof day): JobVersion[] =>
    within(range, isRecorded ? rows : []).map((row) => ({ job_id: row.job_id, version: versionOf(row) ?? '' }));
  const listed: string[] = [];
  const records: JobRecords = {
    digest: async (range) => {
      const jobs = recorded(range);
      return { from: range.from, count: jobs.length, digest: digestOfJobs(jobs) };
    },
    versions: async (range) => {
      listed.push(range.from);
      return { from: range.from, jobs: recorded(range) };
    },
    read: async () => ({ asOf: 0, jobs: [] }),
  };
  return { compare: new CompareHistory({ newest } as unknown as JobHistory, records), given, listed };
}

function jobsAt(times: readonly number[]): JobRow[] {
  return times.map((at) => ({ ...jobAt(at, 0, 'a type'), job_id: `job_${uuidBoundOf(at)}` }));
}

it.each([
  ['all', true],
  ['none', false],
])('compares a range of very many jobs, of which the record has %s, some of them at a time', async (_, isRecorded) => {
  const rows = jobsAt(Array.from({ length: 95 }, (_one, n) => 1_000 + n * 1_000));
  const { compare, given, listed } = setUp(rows, isRecorded);
  let { before } = day;
  for (let pages = 0; before > day.from; pages += 1) {
    expect(pages).toBeLessThan(rows.length);
    const { from, corrected } = await compare.execute({ from: day.from, before });
    expect(corrected).toBe(0);
    expect(from < before).toBe(true);
    before = from;
  }
  expect(given.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
  expect(Math.max(...given)).toBe(most);
  if (isRecorded) expect(listed).toEqual([]);
});
