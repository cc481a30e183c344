// A total beside a page is what reading every job would come to, up to a number, and nobody waits long for it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoServerError } from 'mongodb';
import { v7 } from 'uuid';
import { Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { isAskedFor } from '../../../apps/metrics-service/src/job-history/domain/job-filter.js';
import type { JobFilter, JobListing } from '../../../apps/metrics-service/src/job-history/domain/job-history.js';
import type { Ending, JobRow } from '../../../apps/metrics-service/src/job-history/domain/job-row.js';
import { jobAt } from '../../../apps/metrics-service/src/job-history/hour-columns-conformance.js';
import { countJobs } from '../../../apps/metrics-service/src/job-history/mongo/count-jobs.js';
import type { HistoryPage } from '../../../apps/metrics-service/src/job-history/mongo/history-page.js';
import { MongoHourColumns } from '../../../apps/metrics-service/src/job-history/mongo/mongo-hour-columns.js';
import { MongoJobHistory } from '../../../apps/metrics-service/src/job-history/mongo/mongo-job-history.js';
import { searchOf } from '../../../apps/metrics-service/src/job-history/mongo/job-search.js';
import { prepareHistory } from '../../../apps/metrics-service/src/job-history/mongo/prepare-history.js';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const indexedFilters = ['sending_group_id', 'user_id', 'type'] as const;
const bundles = 8;
const bundledJobs = 12;
let servers: TestServers;
let store: Store;
let history: MongoJobHistory;
let rows: JobRow[];

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'counts', applicationName: 'test' }, () => undefined);
  const indexed = await prepareHistory(store, { retentionDays: 3_650, indexedFilters: [...indexedFilters] });
  history = new MongoJobHistory(store, indexed, new MongoHourColumns(store));
  rows = Array.from({ length: bundles }, (_, bundle) => bundleAt(start + bundle * 1_000, bundle)).flat();
  await history.record(rows.map((row) => ({ row, repeated: false })));
  // As they were written before a page told whether a job is alone on it.
  await pages().updateMany({ 'head.created_at': new Date(start) }, { $unset: { alone: true } });
});

afterAll(async () => {
  await store.close();
  await servers.stop();
});

function pages() {
  return store.collection<HistoryPage>('job_history');
}

/** Users differ so that some jobs share a page and some have their own. */
function bundleAt(at: number, bundle: number): JobRow[] {
  const chunk = v7();
  return Array.from({ length: bundledJobs }, (_, n) => {
    const row = jobAt(at, 0, `type-${bundle % 2}`);
    const user = n < bundledJobs / 2 ? 'many' : `user-${n}`;
    const named = { user_id: user, product_id: 'p', sending_group_id: `group-${n % 3}`, labels: { part: String(n % 2) } };
    const ending = { status: n % 5 === 0 ? 'failed' : 'completed', error_types: n % 4 === 0 ? { 'smtp.451': 1 } : {} };
    const times = { at: at + 50, started_at: at + 5, finished_at: at + 10 + n };
    const end = {
      ...ending,
      ...times,
      total_tasks: 1,
      task_counts: {},
      retries: 0,
      recovered: 0,
      first_try: 1,
    } as unknown as Ending;
    const head = { ...row.head, ...named, ...(n === 7 ? { tenant: 'acme' } : {}) } as JobRow['head'];
    return { ...row, job_id: `job_${chunk}.${n}`, head, first_started_at: at + 5, total_tasks: 1, ending: end };
  });
}

async function totalOf(filter: JobFilter, expected = 1_000): Promise<{ jobs: number; isCapped: boolean }> {
  const listing: JobListing = { filter, order: 'desc', after: null, expected: 3 };
  const read: JobRow[] = [];
  for await (const row of history.read(listing)) if (read.push(row) === 3) break;
  const last = read.at(-1);
  if (!last?.head || read.length < 3) return { jobs: read.length, isCapped: false };
  const after = { created_at: last.head.created_at, job_id: last.job_id };
  return history.count({ ...listing, after, expected }, read.length);
}

const filters: [string, JobFilter][] = [
  ['nothing', {}],
  ['one that shares pages', { user_id: 'many' }],
  ['one that shares none', { user_id: 'user-9' }],
  ['a group', { sending_group_id: 'group-1' }],
  ['a label', { label: 'part=1' }],
  ['a status', { status: ['failed'] }],
  ['completed jobs', { status: ['completed'] }],
  ['a label and a group, which jobs of a page differ in', { label: 'part=1', sending_group_id: 'group-1' }],
  ['a user and a status', { user_id: 'many', status: ['completed'] }],
  ['a type and a status', { type: 'type-1', status: ['failed', 'cancelled'] }],
  ['a tenant', { tenant: 'acme' }],
  ['the tenant of most', { tenant: 'default' }],
  ['a time', { created_after: new Date(start + 2_000), created_before: new Date(start + 5_000) }],
  ['a text', { text: 'group-2' }],
  ['an error type', { error_types: ['smtp.*'], user_id: 'many' }],
  ['how long it took', { duration_ms: { min: 10, max: 12 } }],
];

describe('the total of a search', () => {
  it.each(filters)('by %s is as many as there are', async (_, filter) => {
    const there = rows.filter((row) => isAskedFor(row, filter)).length;
    expect(there).toBeGreaterThan(0);
    expect(await totalOf(filter)).toEqual({ jobs: there, isCapped: false });
  });

  it.each(filters)('by %s says where there are more than are counted', async (_, filter) => {
    const there = rows.filter((row) => isAskedFor(row, filter)).length;
    expect(await totalOf(filter, there)).toEqual({ jobs: there, isCapped: false });
    if (there > 4) expect(await totalOf(filter, there - 1)).toEqual({ jobs: there - 1, isCapped: true });
  });

  it('is what was read, and says that there may be more, where counting would take too long', async () => {
    // As the database says it of a command that has had its time.
    const stop = (): never => {
      throw new MongoServerError({ code: 50, codeName: 'MaxTimeMSExpired', errmsg: 'operation exceeded time limit' });
    };
    const slowly = { find: () => ({ project: stop }), aggregate: () => ({ next: stop }) };
    const counts = ['user_id', 'text'].map((field) => {
      const listing: JobListing = { filter: { [field]: 'many' }, order: 'desc', after: null, expected: 1_000 };
      return countJobs(slowly as never, indexedFilters, listing, 51);
    });
    expect(await Promise.all(counts)).toEqual(counts.map(() => ({ jobs: 51, isCapped: true })));
  });
});

interface Read {
  command: { hint?: string };
  nreturned: number;
  docsExamined: number;
}

/** What the database was asked for meanwhile. */
async function readsOf(work: () => Promise<unknown>, kind: 'find' | 'aggregate' = 'find'): Promise<Read[]> {
  await store.db.command({ profile: 2 });
  await work();
  await store.db.command({ profile: 0 });
  const noted = store.collection<Read & { ts: Date }>('system.profile');
  const reads = await noted
    .find({ [`command.${kind}`]: 'job_history' })
    .sort({ ts: 1 })
    .toArray();
  await noted.drop();
  return reads;
}

it('reads the index that leaves the least, whichever of two filters that is', async () => {
  const reads = await readsOf(async () => {
    await totalOf({ user_id: 'user-9', type: 'type-1' });
    await totalOf({ user_id: 'many', label: 'part=none' });
  });
  expect(reads.map(({ command }) => command.hint)).toEqual(['by_user_id', 'by_label']);
});

it('reads of a job only the page that it is on, and not those of its whole bundle', async () => {
  const reads = await readsOf(async () => {
    for (const { job_id: id } of rows.slice(0, bundledJobs)) expect((await history.find(id))?.job_id).toBe(id);
  });
  expect(reads.map(({ nreturned, docsExamined }) => [nreturned, docsExamined])).toEqual(Array(bundledJobs).fill([1, 1]));
});

it('finds a job of a bundle also on a page from before an index told on which page it is', async () => {
  const { head } = rows.at(-1) ?? {};
  await pages().updateMany({ 'head.created_at': new Date(head?.created_at ?? 0) }, { $unset: { places: true } });
  for (const { job_id: id } of rows.slice(-bundledJobs)) expect((await history.find(id))?.job_id).toBe(id);
});

it.each(['user_id', 'label', 'tenant', 'sending_group_id', 'creation'] as const)(
  'counts jobs that are alone on their pages by %s on its index alone',
  async (field) => {
    const named = { user_id: 'user-9', label: 'part=1', tenant: 'acme', sending_group_id: 'group-1' };
    const there: JobFilter = field === 'creation' ? { created_after: new Date(start + 1) } : { [field]: named[field] };
    const { query } = searchOf(there, null, 'desc', [field]);
    const group = { $group: { _id: null, own: { $sum: { $cond: ['$alone', 1, 0] } }, last: { $max: '$_id' } } };
    const plan = await pages()
      .aggregate([{ $match: query }, { $limit: 10 }, group], { hint: `by_${field}` })
      .explain('executionStats');
    expect(JSON.stringify(plan)).not.toContain('"FETCH"');
  },
);

it('counts no job by a document where the creation index tells that there are more than are counted', async () => {
  const reads = await readsOf(async () => expect(await totalOf({}, 3)).toEqual({ jobs: 3, isCapped: true }), 'aggregate');
  expect(reads.map(({ command, docsExamined }) => [command.hint, docsExamined])).toEqual([['by_creation', 0]]);
});

it('counts jobs that run again on pages of their bundle, also where they are alone there', async () => {
  const again = rows.filter(({ head }) => head?.user_id === 'user-9');
  const recovery = { at: start + 60_000, status: 'recovering' as const };
  await history.record(again.map((row) => ({ row: { ...row, recovery }, repeated: true })));
  expect(await totalOf({ status: ['recovering'] })).toEqual({ jobs: again.length, isCapped: false });
});
