import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { bundledJobId, type ActionInput } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { rowsOf, type HistoryPage } from '../../../apps/metrics-service/src/job-history/mongo/history-page.js';
import { JobEventTeller } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers);
  events = new JobEventTeller(service.bus);
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

/** Ids of jobs that were accepted together. */
function newBundle(size: number): string[] {
  const chunkId = `${v7()}.0`;
  return Array.from({ length: size }, (_, index) => bundledJobId(chunkId, index));
}

/** Jobs of one bundle that go to two groups in turn, under a label of their own. */
function headsOf(ids: string[]) {
  return ids.map((id, index) => events.head(id, 0, { sending_group_id: `g${index % 2}`, labels: { bundle: ids[0] ?? '' } }));
}

async function listAll(request: ActionInput<'listJobs'>): Promise<{ id: string; status: string }[]> {
  const found: { id: string; status: string }[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await callAction(service.bus, 'listJobs', { limit: 7, ...request, ...(cursor ? { cursor } : {}) });
    found.push(...page.items.map(({ id, status }) => ({ id, status })));
    cursor = page.next_cursor;
  }
  return found;
}

function pagesOf(ids: string[]): Promise<HistoryPage[]> {
  return service.store
    .collection<HistoryPage>('job_history')
    .find({ label_pairs: `bundle=${ids[0]}` })
    .toArray();
}

const descending = (ids: string[]): string[] => [...ids].sort((a, b) => (a < b ? 1 : -1));
const labelOf = (ids: string[]): string => `bundle=${ids[0]}`;

describe('the completed jobs of a bundle', () => {
  it('share a page, and are listed, filtered and found one by one', async () => {
    const ids = newBundle(60);
    await events.created(0, headsOf(ids));
    await events.ended('completed', 50, ids);
    await eventually(async () => expect(await listAll({ label: labelOf(ids) })).toHaveLength(60));
    expect(await pagesOf(ids)).toHaveLength(1);
    expect((await listAll({ label: labelOf(ids) })).map(({ id }) => id)).toEqual(descending(ids));
    expect((await listAll({ label: labelOf(ids), sending_group_id: 'g1' })).map(({ id }) => id)).toEqual(
      descending(ids.filter((_, index) => index % 2 === 1)),
    );
    expect(await listAll({ label: labelOf(ids), status: ['failed'] })).toEqual([]);
    const info = await callAction(service.bus, 'getJobInfo', { job_id: ids[33] as string, include_metrics: true });
    expect(info).toMatchObject({ id: ids[33], status: 'completed', sending_group_id: 'g1', metrics: { retries: 2 } });
  });

  it('join those that came before them, and a job that fails or is slow has a page of its own', async () => {
    const ids = newBundle(20);
    await events.created(0, headsOf(ids));
    await events.ended('completed', 50, ids.slice(0, 10));
    await events.ended('failed', 60, ids.slice(10, 11));
    await eventually(async () => expect(await pagesOf(ids)).toHaveLength(11));
    await events.ended('completed', 5_000, ids.slice(11));
    await events.recovered(6_000, ids[10] as string);
    await events.ended('completed', 6_500, ids.slice(10, 11));
    await eventually(async () => {
      const found = await listAll({ label: labelOf(ids), status: ['completed'] });
      expect(found.map(({ id }) => id)).toEqual(descending(ids));
    });
    expect(await listAll({ label: labelOf(ids), status: ['failed', 'running', 'pending', 'recovering'] })).toEqual([]);
  });

  it('are listed once each when their events come again, in whatever parts', async () => {
    const ids = newBundle(30);
    for (const part of [ids, ids.slice(5, 20), ids.slice(0, 12), ids]) {
      await events.created(0, headsOf(part));
      await events.ended('completed', 50, part);
      await eventually(async () => expect((await listAll({ label: labelOf(ids) })).length).toBeGreaterThanOrEqual(part.length));
    }
    await eventually(async () => {
      const rows = (await pagesOf(ids)).flatMap(rowsOf);
      expect(new Set(rows.map(({ job_id }) => job_id)).size).toBe(30);
    });
    expect(await listAll({ label: labelOf(ids) })).toEqual(descending(ids).map((id) => ({ id, status: 'completed' })));
  });

  it('do not share a page with jobs of another product or user', async () => {
    const ids = newBundle(4);
    const heads = headsOf(ids).map((head, index) => ({
      ...head,
      product_id: `p${index % 2}`,
      user_id: index < 2 ? 'ann' : 'bob',
    }));
    await events.created(0, heads);
    await events.ended('completed', 50, ids);
    await eventually(async () => expect(await listAll({ label: labelOf(ids) })).toHaveLength(4));
    expect(await pagesOf(ids)).toHaveLength(4);
    expect(await listAll({ label: labelOf(ids), product_id: 'p1', user_id: 'bob' })).toEqual([
      { id: ids[3], status: 'completed' },
    ]);
  });

  it('are forgotten one by one when they are deleted, by event or at once, and what comes late brings none back', async () => {
    const ids = newBundle(6);
    const [first, second, third] = ids as [string, string, string];
    await events.created(0, headsOf(ids));
    await events.ended('completed', 50, ids.slice(0, 5));
    await eventually(async () => expect(await listAll({ label: labelOf(ids) })).toHaveLength(6));
    await events.tell('job.deleted', 100, { jobs: [{ job_id: first, by: 'ann' }] });
    expect(await callAction(service.bus, 'forgetJobs', { job_ids: [second, ids[5] as string] })).toEqual({ forgotten: 2 });
    await events.ended('completed', 120, [first, second]);
    await events.created(0, headsOf(ids).slice(0, 2));
    await events.ended('failed', 130, [third]);
    const left = descending(ids.slice(2, 5));
    await eventually(async () => expect((await listAll({ label: labelOf(ids) })).map(({ id }) => id)).toEqual(left));
    const pages = await service.store
      .collection<HistoryPage>('job_history')
      .find({ rows: new RegExp(ids[0] ?? '') })
      .toArray();
    const texts = pages.flatMap(rowsOf).filter(({ job_id }) => [first, second, ids[5]].includes(job_id));
    expect(texts.map(({ head, ending, deleted }) => [head, ending, typeof deleted?.at])).toEqual(
      texts.map(() => [null, null, 'number']),
    );
  });
});
