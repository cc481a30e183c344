import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { startMetricsService } from './metrics-service-under-test.js';

let servers: TestServers;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(async () => {
  await servers.stop();
});

async function indexesWith(environment: Record<string, string>): Promise<Record<string, number | undefined>> {
  const service = await startMetricsService(servers, environment);
  const indexes: { name?: string; expireAfterSeconds?: number }[] = await service.store.collection('job_history').indexes();
  await service.stop();
  return Object.fromEntries(indexes.map(({ name, expireAfterSeconds }) => [name, expireAfterSeconds]));
}

it('keeps jobs for as long as the setting says, and indexes the filters that it names, also when they change', async () => {
  const always = { _id_: undefined, creation: undefined, uncompleted_status: undefined, label_pairs: undefined };
  const byDefault = { ...always, sending_group_id: undefined, type: undefined, retention: 90 * 86_400 };
  expect(await indexesWith({})).toEqual(byDefault);
  const changed = { ...always, user_id: undefined, type: undefined, retention: 7 * 86_400 };
  expect(await indexesWith({ HISTORY_RETENTION_DAYS: '7', HISTORY_INDEXED_FILTERS: 'user_id,type' })).toEqual(changed);
  expect(await indexesWith({})).toEqual(byDefault);
});
