import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { ProblemError, type ActionInput, type CreatedJob, type JobPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

const jobs = 60;
let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;
/** Newest first, as lists are. */
let heads: CreatedJob[];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers, { HISTORY_INDEXED_FILTERS: 'type,sending_group_id' });
  events = new JobEventTeller(service.bus);
  // Ten jobs share each millisecond, as those of one bundle do.
  const told = Array.from({ length: jobs }, (_, index) =>
    events.head(`job_${v7()}`, Math.floor(index / 10), {
      type: index % 2 ? 'smtp.send' : 'report.build',
      product_id: `product-${index % 3}`,
      sending_group_id: `group-${index % 5}`,
      user_id: `user-${index % 4}`,
      labels: index % 6 ? {} : { region: 'eu', 'odd=key': 'a=b' },
    }),
  );
  heads = [...told].sort((a, b) =>
    a.created_at === b.created_at ? (a.job_id < b.job_id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1,
  );
  const ids = told.map(({ job_id }) => job_id);
  await events.created(0, told);
  await events.ended('completed', 100, ids.slice(0, 30));
  await events.ended('failed', 100, ids.slice(30, 40));
  await events.ended('cancelled', 100, ids.slice(40, 45));
  // A job whose creation never arrived is not listed.
  await events.ended('failed', 100, [`job_${v7()}`]);
  await eventually(async () => {
    expect(await service.store.collection('job_history').countDocuments()).toBe(jobs + 1);
    expect(await service.store.collection('job_history').countDocuments({ finished_at: { $exists: true } })).toBe(46);
  });
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

function list(request: ActionInput<'listJobs'>): Promise<JobPage> {
  return callAction(service.bus, 'listJobs', request);
}

async function listAll(request: ActionInput<'listJobs'>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: JobPage = await list({ ...request, ...(cursor ? { cursor } : {}) });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

async function problemOf(request: Promise<unknown>): Promise<string> {
  const error = await request.catch((thrown: unknown) => thrown);
  return error instanceof ProblemError
    ? `${error.code} ${error.extras.errors?.[0]?.path} ${error.extras.errors?.[0]?.rule}`
    : String(error);
}

describe('the list of jobs', () => {
  it.each([1, 7, 20, 59, 60, 200])('gives every job once, newest first, in pages of %i', async (limit) => {
    expect(await listAll({ limit })).toEqual(heads.map(({ job_id }) => job_id));
  });

  it('ends with a page that says so', async () => {
    expect(await list({ limit: jobs })).toMatchObject({ next_cursor: null });
    expect((await list({ limit: jobs - 1 })).next_cursor).toEqual(expect.any(String));
  });

  it.each<[string, ActionInput<'listJobs'>, (head: CreatedJob) => boolean]>([
    ['a type', { type: 'smtp.send' }, (head) => head.type === 'smtp.send'],
    ['a product', { product_id: 'product-1' }, (head) => head.product_id === 'product-1'],
    ['a group', { sending_group_id: 'group-3' }, (head) => head.sending_group_id === 'group-3'],
    ['a user', { user_id: 'user-2' }, (head) => head.user_id === 'user-2'],
    ['a label', { label: 'region=eu' }, (head) => head.labels['region'] === 'eu'],
    ['a label with an equals sign in it', { label: 'odd=key=a=b' }, (head) => 'odd=key' in head.labels],
    ['a label that no job has', { label: 'region=us' }, () => false],
    [
      'several',
      { type: 'smtp.send', user_id: 'user-1', product_id: 'product-1' },
      (head) => head.type === 'smtp.send' && head.user_id === 'user-1' && head.product_id === 'product-1',
    ],
  ])('can be narrowed to %s', async (_, filter, matches) => {
    const expected = heads.filter(matches).map(({ job_id }) => job_id);
    expect(await listAll({ ...filter, limit: 4 })).toEqual(expected);
  });

  it.each<[ActionInput<'listJobs'>['status'], number]>([
    [['completed'], 30],
    [['failed'], 10],
    [['failed', 'cancelled'], 15],
    [['pending', 'completed'], 45],
    [['running'], 0],
    [[], jobs],
  ])('can be narrowed to the statuses %j', async (status, count) => {
    const ids = await listAll({ status, limit: 4 });
    expect(ids).toHaveLength(count);
    expect(ids).toEqual(heads.map(({ job_id }) => job_id).filter((id) => ids.includes(id)));
  });

  it('can be narrowed to a time: from its start on, up to its end', async () => {
    const within = heads.filter(({ created_at }) => created_at >= events.at(2) && created_at < events.at(4));
    expect(within).toHaveLength(20);
    const expected = within.map(({ job_id }) => job_id);
    expect(await listAll({ created_after: events.at(2), created_before: events.at(4), limit: 6 })).toEqual(expected);
  });

  it('tells jobs as every reader sees them', async () => {
    const { items } = await list({ status: ['failed'], limit: 1 });
    expect(items[0]).toMatchObject({
      status: 'failed',
      task_counts: { succeeded: 3, dead: 1, running: 0, skipped: 0 },
      started_at: events.at(10),
      finished_at: events.at(100),
    });
    expect(items[0]).not.toHaveProperty('ending');
  });

  it('refuses a cursor of a list with other filters, and one that is none', async () => {
    const { next_cursor } = await list({ type: 'smtp.send', limit: 5 });
    const cursor = next_cursor ?? '';
    expect(await problemOf(list({ type: 'report.build', cursor }))).toBe('CURSOR_INVALID data.cursor CURSOR_OF_OTHER_FILTERS');
    expect(await problemOf(list({ cursor }))).toBe('CURSOR_INVALID data.cursor CURSOR_OF_OTHER_FILTERS');
    expect(await problemOf(list({ cursor: 'bm9uc2Vuc2U' }))).toBe('CURSOR_INVALID data.cursor CURSOR');
    expect((await list({ type: 'smtp.send', limit: 7, cursor })).items).toHaveLength(7);
  });

  it('refuses what the contract does not allow', async () => {
    expect(await problemOf(list({ limit: 201 }))).toBe('VALIDATION_FAILED data.limit RANGE');
    expect(await problemOf(list({ label: 'no equals sign' }))).toBe('VALIDATION_FAILED data.label FORMAT');
    expect(await problemOf(list({ state: 'failed' } as never))).toBe('VALIDATION_FAILED data.state UNKNOWN_FIELD');
  });
});

describe('the indexes behind the list', () => {
  it.each<[string, object]>([
    ['by_creation', {}],
    ['by_type', { 'head.type': 'smtp.send' }],
    ['uncompleted_status', { uncompleted_status: { $in: ['failed', 'cancelled'] } }],
    ['by_label', { label_pairs: 'region=eu' }],
  ])('%s gives the order without sorting', async (index, query) => {
    const plan = await service.store
      .collection('job_history')
      .find({ ...query, 'head.created_at': { $gte: new Date(0) } })
      .sort({ 'head.created_at': -1, _id: -1 })
      .hint(index)
      .limit(5)
      .explain('queryPlanner');
    expect(JSON.stringify((plan['queryPlanner'] as { winningPlan: unknown }).winningPlan)).not.toContain('"SORT"');
  });
});
