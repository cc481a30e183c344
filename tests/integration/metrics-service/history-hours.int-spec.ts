// The history is summed up from columns, which must never say anything else than its rows.
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { LayDownHours } from '../../../apps/metrics-service/src/job-history/commands/lay-down-hours.js';
import { hourMs, hourOf } from '../../../apps/metrics-service/src/job-history/domain/history-hours.js';
import { hourColumnsPromises, jobAt } from '../../../apps/metrics-service/src/job-history/hour-columns-conformance.js';
import { deletedRow, type JobRow } from '../../../apps/metrics-service/src/job-history/domain/job-row.js';
import { MongoHourColumns, columnsIndex } from '../../../apps/metrics-service/src/job-history/mongo/mongo-hour-columns.js';
import { MongoJobHistory } from '../../../apps/metrics-service/src/job-history/mongo/mongo-job-history.js';
import { prepareHistory } from '../../../apps/metrics-service/src/job-history/mongo/prepare-history.js';
import { SearchHistory } from '../../../apps/metrics-service/src/job-history/queries/search-history.js';
import { SumUpHistory } from '../../../apps/metrics-service/src/job-history/queries/sum-up-history.js';

const retentionMs = 90 * 86_400_000;
const start = hourOf(Date.now()) - 5 * hourMs;
let servers: TestServers;
let store: Store;
let columns: MongoHourColumns;
let indexed: Awaited<ReturnType<typeof prepareHistory>>;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'hours', applicationName: 'test' }, () => undefined);
  indexed = await prepareHistory(store, { retentionDays: 90, indexedFilters: [] });
  await ensureIndexes(store, [columnsIndex]);
});

beforeEach(async () => {
  for (const name of ['history_hours', 'history_columns', 'job_history']) await store.collection(name).deleteMany({});
  columns = new MongoHourColumns(store);
});

afterAll(async () => {
  await store.close();
  await servers.stop();
});

describe('a keeper of hours in MongoDB', () => {
  it.each(hourColumnsPromises)('%s', (_, hold) => hold(columns));
});

/** Whether the row tells of something that was told before. */
async function record(history: MongoJobHistory, repeated: boolean, ...rows: JobRow[]): Promise<void> {
  await history.record(rows.map((row) => ({ row, repeated })));
}

test('what changes in an hour after it was laid down is in the sums at once, and nothing of a deleted job is left', async () => {
  const history = new MongoJobHistory(store, indexed, columns);
  const laying = new LayDownHours(history, columns);
  const sums = new SumUpHistory(history, columns, { HISTORY_RETENTION_DAYS: 90 });
  const asked = { success_rate: true, avg_duration: false, error_rate: false, histogram: false };
  const counted = async () => (await sums.execute({}, asked)).result().counted;
  const layDown = (laterMs = 0) => laying.execute(Date.now() + laterMs, retentionMs, new AbortController().signal);

  const job = jobAt(start, 1);
  const other = { ...jobAt(start, 2), head: { ...jobAt(start, 2, 'a-type-of-its-own').head } as JobRow['head'] };
  await record(history, false, job, other);
  expect(await layDown(hourMs)).toBe(1);
  expect(await counted()).toMatchObject({ jobs: 2, unfinished: 2 });

  const end = {
    ...{ status: 'completed' as const, at: start + 9, started_at: start + 5, finished_at: start + 8, total_tasks: 1 },
    ...{ task_counts: { succeeded: 1 }, error_types: {}, retries: 0, recovered: 0, first_try: 1 },
    ...{ task_ms: null, submit_to_done_ms: null },
  };
  await record(history, true, { ...job, head: null, ending: end });
  expect(await counted()).toMatchObject({ jobs: 2, completed: 1, unfinished: 1 });
  expect(await layDown(hourMs)).toBe(1);

  await record(history, true, deletedRow(other.job_id, Date.now()));
  expect(await counted()).toMatchObject({ jobs: 1, completed: 1 });
  expect(await store.collection('history_columns').countDocuments({})).toBe(0);
  expect(await layDown(hourMs)).toBe(1);
  expect(await counted()).toMatchObject({ jobs: 1, completed: 1 });
});

test('a text is found in an hour that is laid down, in both orders, also of a job that came late and of none that was deleted', async () => {
  const history = new MongoJobHistory(store, indexed, columns);
  const laying = new LayDownHours(history, columns);
  const search = new SearchHistory(history, columns, { HISTORY_RETENTION_DAYS: 90 });
  const layDown = () => laying.execute(Date.now() + hourMs, retentionMs, new AbortController().signal);
  const labelled = (offset: number, customer: string): JobRow => {
    const row = jobAt(start, offset);
    return { ...row, head: { ...row.head, labels: { customer } } as JobRow['head'] };
  };
  const found = async (order: 'asc' | 'desc'): Promise<string[]> => {
    const ids: string[] = [];
    const listing = { filter: { text: 'customer=zoe' }, order, after: null, expected: 50 };
    for await (const { job_id: id } of search.read(listing)) ids.push(id);
    return ids;
  };
  const crowd = Array.from({ length: 1_100 }, (_, at) => jobAt(start, at));
  const [first, second, late] = [labelled(17, 'Zoe'), labelled(500, 'ZOE-2'), labelled(700, 'zoe')];
  await record(history, false, ...crowd, first, second);
  expect(await layDown()).toBe(1);
  expect(await found('asc')).toEqual([first.job_id, second.job_id]);
  expect(await found('desc')).toEqual([second.job_id, first.job_id]);

  await record(history, false, late);
  expect(await found('asc')).toEqual([first.job_id, second.job_id, late.job_id]);
  await record(history, true, deletedRow(second.job_id, Date.now()));
  expect(await found('asc')).toEqual([first.job_id, late.job_id]);
  expect(await layDown()).toBe(1);
  expect(await found('asc')).toEqual([first.job_id, late.job_id]);
});
