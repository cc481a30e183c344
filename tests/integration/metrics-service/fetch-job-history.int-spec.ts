import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { ProblemError, type ActionInput, type Actor, type CreatedJob, type JobHistoryPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

type Search = ActionInput<'fetchJobHistory'>;

/** A job as the test has told it: what an answer is held against. */
interface Told extends CreatedJob {
  status: 'pending' | 'completed' | 'failed' | 'cancelled';
  durationMs: number | null;
  errorTypes: Record<string, number>;
  runs: number;
}

const every = { success_rate: true, avg_duration: true, error_rate: true, histogram: true };
let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;
/** Newest first. */
let told: Told[];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers);
  events = new JobEventTeller(service.bus);
  told = Array.from({ length: 120 }, (_, index) => tellOf(index));
  // Places of one bundle share a page of the history, and some of them are searched for alone.
  const bundle = v7();
  told.push(
    ...Array.from({ length: 30 }, (_, place) => ({
      ...tellOf(3, `job_${bundle}.0.${place}`),
      sending_group_id: `g-${place % 2}`,
    })),
  );
  told.push(tellOf(0, `job_${v7()}.0.0`));
  await events.created(0, told.map(headOf));
  for (const job of told) {
    const endedMs = Date.parse(job.created_at) - events.start + (job.durationMs ?? 0);
    if (job.status !== 'pending') await events.ended(job.status, endedMs, [job.job_id], endOf(job));
  }
  told.sort((a, b) => (a.created_at === b.created_at ? (a.job_id < b.job_id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1));
  await eventually(async () => {
    const { pagination, aggregations } = await search({ aggregations: { success_rate: true } });
    expect(pagination.total).toBe(told.length);
    expect(aggregations?.counted.unfinished).toBe(told.filter(({ status }) => status === 'pending').length);
  });
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

const statuses = ['pending', 'failed', 'cancelled', 'completed', 'completed', 'completed'] as const;

function tellOf(index: number, id = `job_${v7()}`): Told {
  const status = statuses[index % statuses.length] ?? 'pending';
  const errorTypes: Record<string, number> = index % 3 === 0 ? {} : { [index % 2 ? 'smtp.451' : 'net.reset']: 1 + (index % 4) };
  const head = events.head(id, Math.floor(index / 7) * 1_000, {
    type: index % 2 ? 'smtp.send' : 'report.build',
    product_id: `product-${index % 3}`,
    user_id: `user-${index % 4}`,
    labels: index % 5 ? {} : { region: 'Europe' },
  });
  return { ...head, status, durationMs: status === 'pending' ? null : 100 + index * 3, errorTypes, runs: 4 + 2 };
}

function headOf({ status: _status, durationMs: _duration, errorTypes: _types, runs: _runs, ...head }: Told): CreatedJob {
  return head;
}

function endOf({ errorTypes, durationMs, created_at }: Told) {
  const started = Date.parse(created_at);
  return {
    error_types: errorTypes,
    started_at: new Date(started).toISOString(),
    finished_at: new Date(started + (durationMs ?? 0)).toISOString(),
  };
}

function search(request: Search): Promise<JobHistoryPage> {
  return callAction(service.bus, 'fetchJobHistory', request);
}

async function problemOf(request: Promise<unknown>): Promise<string> {
  const error = await request.catch((thrown: unknown) => thrown);
  const [fault] = error instanceof ProblemError ? (error.extras.errors ?? []) : [];
  return error instanceof ProblemError ? `${error.code} ${fault?.path} ${fault?.rule}` : String(error);
}

const hasType = (prefix: string) => (job: Told) =>
  job.status !== 'pending' && Object.keys(job.errorTypes).some((type) => type.startsWith(prefix));

describe('the history of jobs', () => {
  it.each<[string, NonNullable<Search['filters']>, (job: Told) => boolean]>([
    ['nothing', {}, () => true],
    ['statuses', { status: ['failed', 'cancelled'] }, ({ status }) => status === 'failed' || status === 'cancelled'],
    ['an error type', { error_types: ['smtp.451'] }, hasType('smtp.451')],
    ['a prefix of error types', { error_types: ['nothing', 'net.*'] }, hasType('net.')],
    ['a user', { user_id: 'user-2' }, ({ user_id }) => user_id === 'user-2'],
    ['a group of which a page holds more', { sending_group_id: 'g-1' }, ({ sending_group_id }) => sending_group_id === 'g-1'],
    ['a text, in capitals or not', { text: 'EUROPE' }, ({ labels }) => 'region' in labels],
    [
      'how long they took',
      { duration_ms: { min: 150, max: 300 } },
      ({ durationMs: ms }) => ms !== null && ms >= 150 && ms <= 300,
    ],
    [
      'several at once',
      { type: 'smtp.send', status: ['completed'], error_types: ['smtp.*'], label: 'region=Europe' },
      (job) => job.type === 'smtp.send' && job.status === 'completed' && hasType('smtp.')(job) && 'region' in job.labels,
    ],
  ])('narrowed by %s gives exactly those, page by page in both orders, with exact sums', async (_name, filters, matches) => {
    const expected = told.filter(matches);
    for (const order of ['desc', 'asc'] as const) {
      const ids = (order === 'desc' ? expected : expected.toReversed()).map(({ job_id }) => job_id);
      const byNumber: string[] = [];
      for (let page = 1; page <= Math.ceil(ids.length / 17) + 1; page += 1) {
        const { items } = await search({ filters, sort: { order }, pagination: { page, per_page: 17 } });
        byNumber.push(...items.map(({ id }) => id));
      }
      expect(byNumber).toEqual(ids);
      expect(await byCursor(filters, order)).toEqual(ids);
    }
    const { pagination, aggregations } = await search({ filters, aggregations: every, pagination: { per_page: 1 } });
    expect(pagination).toMatchObject({ total: expected.length, total_is_capped: false });
    expect(aggregations).toMatchObject(sumsOf(expected));
  });

  it('tells where job-service does not say which jobs of one task have begun', async () => {
    const ofStatus = (status: Told['status']) => search({ filters: { status: [status] }, pagination: { per_page: 200 } });
    expect(await ofStatus('pending')).toMatchObject({ begun_unknown: true });
    expect(await ofStatus('completed')).not.toHaveProperty('begun_unknown');
  });

  it('narrowed by time holds its first moment and not its last', async () => {
    const filters = { date_range: { start: events.at(2_000), end: events.at(4_000) } };
    const expected = told.filter(({ created_at: at }) => at >= filters.date_range.start && at < filters.date_range.end);
    expect(expected.length).toBeGreaterThan(0);
    expect(await byCursor(filters, 'desc')).toEqual(expected.map(({ job_id }) => job_id));
  });

  it('goes on with a cursor only in the same search', async () => {
    const { pagination } = await search({ pagination: { per_page: 5 } });
    const onward = { cursor: pagination.next_cursor ?? '', per_page: 5 };
    expect(await problemOf(search({ sort: { order: 'asc' }, pagination: onward }))).toContain('CURSOR_OF_OTHER_FILTERS');
    expect(await problemOf(search({ filters: { text: 'a' }, pagination: onward }))).toContain('CURSOR_OF_OTHER_FILTERS');
    const next = await search({ pagination: onward, aggregations: { success_rate: true } });
    expect(next.items[0]?.id).toBe(told[5]?.job_id);
    expect(next.pagination).toMatchObject({ page: null, total: told.length });
    expect(next.aggregations).toMatchObject(sumsOf(told, { success_rate: true }));
  });

  it('of a tenant is that of nobody else', async () => {
    const actor: Actor = { key: 'k', name: 'k', role: 'admin', tenant: 'acme', door: 'http', address: '10.0.0.7' };
    const asked = { origin: { actor, requestId: 'r' } };
    const mine = await callAction(service.bus, 'fetchJobHistory', { aggregations: { success_rate: true } }, asked);
    expect(mine).toMatchObject({ items: [], pagination: { total: 0 }, aggregations: { counted: { jobs: 0 } } });
    const theirs = callAction(service.bus, 'fetchJobHistory', { filters: { tenant: 'default' } }, asked);
    expect(await problemOf(theirs)).toBe('VALIDATION_FAILED data.filters.tenant VALUE');
  });

  it.each<[Search, string]>([
    [{ sort: { field: 'duration' as never } }, 'data.sort.field VALUE'],
    [
      { filters: { date_range: { start: '2026-01-02T00:00:00Z', end: '2026-01-01T00:00:00Z' } } },
      'data.filters.date_range.end INVALID',
    ],
    [{ filters: { date_range: { start: '2026-01-02T00:00:00Z' } as never } }, 'data.filters.date_range.end REQUIRED'],
    [{ filters: { nope: 1 } as never }, 'data.filters.nope UNKNOWN_FIELD'],
    [{ pagination: { page: 0 } }, 'data.pagination.page RANGE'],
    [{ pagination: { page: 500, per_page: 200 } }, 'data.pagination.page INVALID'],
    [{ pagination: { page: 2, cursor: 'x' } }, 'data.pagination.cursor INVALID'],
  ])('refuses %j by its path', async (request, place) => {
    expect(await problemOf(search(request))).toBe(`VALIDATION_FAILED ${place}`);
  });
});

async function byCursor(filters: NonNullable<Search['filters']>, order: 'asc' | 'desc'): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await search({ filters, sort: { order }, pagination: { per_page: 23, ...(cursor ? { cursor } : {}) } });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.pagination.next_cursor;
  }
  return ids;
}

/** What the jobs add up to, counted in the plainest way. */
function sumsOf(jobs: readonly Told[], asked: Partial<typeof every> = every) {
  const having = (status: Told['status']): number => jobs.filter((job) => job.status === status).length;
  const ended = jobs.filter(({ status }) => status !== 'pending');
  const durations = ended.map(({ durationMs }) => durationMs ?? 0).sort((a, b) => a - b);
  const failedRuns = ended.flatMap(({ errorTypes }) => Object.values(errorTypes)).reduce((sum, count) => sum + count, 0);
  const runs = ended.reduce((sum, job) => sum + job.runs, 0);
  const judged = having('completed') + having('failed');
  return {
    counted: {
      jobs: jobs.length,
      ...{
        completed: having('completed'),
        failed: having('failed'),
        cancelled: having('cancelled'),
        unfinished: having('pending'),
      },
      ...{ runs, failed_runs: failedRuns },
    },
    ...(asked.success_rate ? { success_rate: judged === 0 ? null : having('completed') / judged } : {}),
    ...(asked.avg_duration
      ? {
          avg_duration:
            durations.length === 0 ? null : expect.closeTo(durations.reduce((sum, ms) => sum + ms, 0) / durations.length, 6),
          duration_ms: durations.length === 0 ? null : expect.objectContaining({ max: durations.at(-1) }),
        }
      : {}),
    ...(asked.error_rate ? { error_rate: runs === 0 ? null : failedRuns / runs } : {}),
  };
}
