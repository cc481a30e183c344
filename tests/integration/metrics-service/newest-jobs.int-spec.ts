// The history is held against the record by jobs that fit into memory, however many it remembers that the record has not.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { deletedRow, type Ending, type JobRow } from '../../../apps/metrics-service/src/job-history/domain/job-row.js';
import { jobAt } from '../../../apps/metrics-service/src/job-history/hour-columns-conformance.js';
import { MongoHourColumns } from '../../../apps/metrics-service/src/job-history/mongo/mongo-hour-columns.js';
import { MongoJobHistory } from '../../../apps/metrics-service/src/job-history/mongo/mongo-job-history.js';
import { prepareHistory } from '../../../apps/metrics-service/src/job-history/mongo/prepare-history.js';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const bundles = 150;
const jobsOfBundle = 4;
let servers: TestServers;
let store: Store;
let history: MongoJobHistory;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'newest', applicationName: 'test' }, () => undefined);
  history = new MongoJobHistory(
    store,
    await prepareHistory(store, { retentionDays: 3_650, indexedFilters: [] }),
    new MongoHourColumns(store),
  );
});

afterAll(async () => {
  await store.close();
  await servers.stop();
});

/** Of each moment a bundle, whose completed jobs are on pages of two users each and whose failed one is alone, and a job of its own. */
function jobsOf(bundle: number): JobRow[] {
  const at = start + bundle * 1_000;
  const uuid = v7({ msecs: at });
  const ids = [...Array.from({ length: jobsOfBundle }, (_, n) => `job_${uuid}.${n}`), `job_${v7({ msecs: at })}`];
  return ids.map((job_id, n) => {
    const row = jobAt(at, 0);
    const head = { ...row.head, user_id: `user-${n % 2}`, labels: { text: 'x'.repeat(4_000) } } as JobRow['head'];
    const times = { at: at + 50, started_at: at + 5, finished_at: at + 10 };
    const counts = { total_tasks: 1, task_counts: {}, error_types: {}, retries: 0, recovered: 0, first_try: 1 };
    const ending = { status: n === 3 ? 'failed' : 'completed', ...times, ...counts } as unknown as Ending;
    return { ...row, job_id, head, ending, first_started_at: at + 5 };
  });
}

it('gives the newest jobs of a range, of a bundle all or none, and all of them in the end', async () => {
  const rows = Array.from({ length: bundles }, (_, bundle) => jobsOf(bundle)).flat();
  await history.record(rows.map((row) => ({ row, repeated: false })));
  const gone = rows.filter((_, n) => n % 3 === 0);
  await history.record(gone.map(({ job_id: id }) => ({ row: deletedRow(id, start), repeated: true })));
  const uuidOf = (id: string): string => id.slice(4, 40);
  const found: string[][] = [];
  for (let before = 'g'; before > '';) {
    expect(found.length).toBeLessThan(rows.length);
    const { from, rows: some } = await history.newest('', before);
    expect(some.filter(({ job_id: id }) => uuidOf(id) < from || uuidOf(id) >= before)).toEqual([]);
    found.push(some.map(({ job_id: id }) => id));
    before = from;
  }
  expect(found.length).toBeGreaterThan(1);
  expect(found.flat().sort()).toEqual(rows.map(({ job_id: id }) => id).sort());
});
