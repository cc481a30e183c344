// The history tells nobody who is bound to a tenant of the jobs of another.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bundledJobId, type Actor, type JobPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

const boundTo = (tenant: string | null) => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'viewer', tenant, door: 'http', address: '10.0.0.7' };
  return { origin: { actor, requestId: 'asked-1' } };
};

let servers: TestServers;
let service: MetricsServiceUnderTest;
const shop = newJobId();
const news = newJobId();
const nobodys = newJobId();
const bundle = `${newJobId().slice(4)}.0`;
const bundled = { shop: bundledJobId(bundle, 0), news: bundledJobId(bundle, 1), default: bundledJobId(bundle, 2) };

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers);
  const events = new JobEventTeller(service.bus);
  await events.created(0, [
    events.head(shop, 0, { tenant: 'shop' }),
    events.head(news, 1, { tenant: 'news' }),
    events.head(nobodys, 2),
  ]);
  await events.created(3, [
    events.head(bundled.shop, 3, { tenant: 'shop', total_tasks: 1 }),
    events.head(bundled.news, 3, { tenant: 'news', total_tasks: 1 }),
    events.head(bundled.default, 3, { total_tasks: 1 }),
  ]);
  await events.ended('completed', 10, Object.values(bundled));
  await eventually(async () => expect(await listed(null)).toHaveLength(6));
  await eventually(async () => {
    const { items } = await callAction(service.bus, 'listJobs', { status: ['completed'] }, boundTo(null));
    expect(items).toHaveLength(3);
  });
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

async function listed(tenant: string | null): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = null; ;) {
    const page: JobPage = await callAction(service.bus, 'listJobs', { limit: 1, ...(cursor ? { cursor } : {}) }, boundTo(tenant));
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
    if (cursor === null) return ids.sort();
  }
}

it.each([
  ['shop', [shop, bundled.shop]],
  ['news', [news, bundled.news]],
  ['default', [nobodys, bundled.default]],
  ['another', []],
])('a list for the tenant %s holds its jobs and no others', async (tenant, ids) => {
  expect(await listed(tenant)).toEqual([...ids].sort());
});

it('a filter that asks for what another tenant has finds nothing', async () => {
  const asked = { user_id: 'ann', status: ['completed' as const] };
  const { items } = await callAction(service.bus, 'listJobs', asked, boundTo('shop'));
  expect(items.map(({ id, tenant }) => [id, tenant])).toEqual([[bundled.shop, 'shop']]);
});

it.each([shop, bundled.shop, nobodys])(
  'a job that job-service no longer tells of is not there for another tenant',
  async (job_id) => {
    const owner = job_id === nobodys ? 'default' : 'shop';
    for (const tenant of [owner, null]) {
      expect(await callAction(service.bus, 'getJobInfo', { job_id }, boundTo(tenant))).toMatchObject({
        id: job_id,
        source: 'history',
      });
    }
    for (const tenant of ['news', owner === 'shop' ? 'default' : 'shop']) {
      const asked = callAction(service.bus, 'getJobInfo', { job_id }, boundTo(tenant));
      await expect(asked).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    }
  },
);
