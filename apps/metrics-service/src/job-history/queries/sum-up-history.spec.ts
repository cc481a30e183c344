import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { finishedJobStatuses, jobStatuses } from '@kintsugi/contracts';
import { LayDownHours } from '../commands/lay-down-hours.js';
import { jobAt } from '../hour-columns-conformance.js';
import { HourColumnsInMemory } from '../hour-columns-in-memory.js';
import { hourMs, hourOf } from '../domain/history-hours.js';
import { isAskedFor } from '../domain/job-filter.js';
import { HistorySummary } from '../domain/history-summary.js';
import { fieldOf, figureFields, figuresOf } from '../domain/job-figures.js';
import type { JobFilter, JobHistory, JobListing } from '../domain/job-history.js';
import type { Ending, JobRow } from '../domain/job-row.js';
import { SumUpHistory } from './sum-up-history.js';

const now = Date.now();
const start = hourOf(now) - 10 * hourMs;
const retentionMs = 90 * 86_400_000;
const every = { success_rate: true, avg_duration: true, error_rate: true, histogram: true };
const settings = { HISTORY_RETENTION_DAYS: 90 };

/** Jobs in memory, which counts those that are read. */
class Jobs {
  reads = 0;

  constructor(public rows: JobRow[]) {}

  async *read({ filter, order }: JobListing): AsyncGenerator<JobRow> {
    const asked = this.rows.filter((row) => isAskedFor(row, filter));
    const direction = order === 'asc' ? 1 : -1;
    for (const row of asked.sort((one, other) => direction * ((one.head?.created_at ?? 0) - (other.head?.created_at ?? 0)))) {
      this.reads += 1;
      yield await Promise.resolve(row);
    }
  }
}

const job = fc.record({
  offset: fc.integer({ min: 0, max: 11 * hourMs }),
  type: fc.constantFrom('send', 'report'),
  user: fc.constantFrom('u-1', 'u-2', 'u-3'),
  tenant: fc.constantFrom('acme', 'default'),
  outcome: fc.option(fc.constantFrom(...finishedJobStatuses)),
  duration: fc.integer({ min: 0, max: 90_000_000_000 }),
  retries: fc.nat(9),
  errors: fc.nat(20),
  external: fc.boolean(),
});

type JobValue = typeof job extends fc.Arbitrary<infer Value> ? Value : never;

function rowOf({ offset, type, user, tenant, outcome, duration, retries, errors, external }: JobValue): JobRow {
  const row = jobAt(start, offset, type);
  const created_at = start + offset;
  const head = { ...row.head, user_id: user, tenant, ...(external ? { executor: 'external' } : {}) } as JobRow['head'];
  if (outcome === null) return { ...row, head };
  const ending = {
    ...{ status: outcome, at: created_at + 1, started_at: created_at, finished_at: created_at + duration, retries },
    ...{ total_tasks: 1, task_counts: { succeeded: 3, dead: 1 }, error_types: { 'net.reset': errors } },
  } as unknown as Ending;
  return { ...row, head, total_tasks: 1, first_started_at: created_at, ending };
}

const filter = fc.record(
  {
    status: fc.subarray([...jobStatuses]),
    type: fc.constantFrom('send', 'report', 'nobody'),
    user_id: fc.constantFrom('u-1', 'u-2'),
    tenant: fc.constantFrom('acme', 'default'),
    created_after: fc.integer({ min: -1, max: 12 }).map((hours) => new Date(start + hours * hourMs + 1_234)),
    created_before: fc.integer({ min: -1, max: 12 }).map((hours) => new Date(start + hours * hourMs + 4_321)),
    duration_ms: fc.record({ min: fc.nat(1_000_000), max: fc.nat(90_000_000_000) }, { requiredKeys: [] }),
    error_types: fc.constant(['net.*']),
  },
  { requiredKeys: [] },
);

async function layDown(jobs: Jobs, columns: HourColumnsInMemory, at = now): Promise<number> {
  const laying = new LayDownHours(jobs as unknown as JobHistory, columns);
  return laying.execute(at, retentionMs, new AbortController().signal);
}

function summingUp(jobs: Jobs, columns: HourColumnsInMemory): SumUpHistory {
  return new SumUpHistory(jobs as unknown as JobHistory, columns, settings);
}

describe('sums over the history', () => {
  test('are those of the rows, whichever hours are laid down', async () => {
    const group = fc.option(fc.constantFrom(...figureFields), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 60 }), filter, group, fc.nat(3), async (told, asked, group_by, changed) => {
        const jobs = new Jobs(told.map(rowOf));
        const columns = new HourColumnsInMemory();
        await layDown(jobs, columns);
        await columns.markChanged(Array.from({ length: changed }, (_, at) => start + 2 * at * hourMs));
        const aggregations = { ...every, group_by };
        const plain = new HistorySummary(aggregations);
        const matching = jobs.rows.filter((row) => isAskedFor(row, asked as JobFilter));
        for (const row of matching) plain.add(figuresOf(row), group_by && fieldOf(row, group_by));
        const summary = await summingUp(jobs, columns).execute(asked, aggregations);
        expect(summary.result()).toEqual(plain.result());
      }),
      { numRuns: 200 },
    );
  });

  test('read no row of an hour that is laid down', async () => {
    const jobs = new Jobs(Array.from({ length: 300 }, (_, at) => jobAt(start, at * 60_000)));
    const columns = new HourColumnsInMemory();
    expect(await layDown(jobs, columns)).toBe(5);
    jobs.reads = 0;
    const summary = await summingUp(jobs, columns).execute({}, every);
    expect([summary.jobs, jobs.reads]).toEqual([300, 0]);
  });

  test('tell of a change of an hour that was laid down before', async () => {
    const jobs = new Jobs([jobAt(start, 0)]);
    const columns = new HourColumnsInMemory(() => now);
    await layDown(jobs, columns);
    jobs.rows.push(jobAt(start, 1));
    await columns.markChanged([start]);
    expect((await summingUp(jobs, columns).execute({}, every)).jobs).toBe(2);
    expect(await layDown(jobs, columns, now + hourMs)).toBe(1);
    jobs.reads = 0;
    expect((await summingUp(jobs, columns).execute({}, every)).jobs).toBe(2);
    expect(jobs.reads).toBe(0);
  });

  test('are of no job whose deletion was announced before its hour was first laid down, and made after', async () => {
    const jobs = new Jobs([jobAt(start, 0), jobAt(start, 1)]);
    const columns = new HourColumnsInMemory(() => now);
    await columns.discard([start]);
    expect(await layDown(jobs, columns, now + 1_000)).toBe(0);
    jobs.rows.pop();
    expect((await summingUp(jobs, columns).execute({}, every)).jobs).toBe(1);
    expect(await layDown(jobs, columns, now + hourMs)).toBe(1);
    expect((await summingUp(jobs, columns).execute({}, every)).jobs).toBe(1);
  });
});
