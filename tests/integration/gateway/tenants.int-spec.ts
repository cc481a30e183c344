// A key that is bound to a tenant is so wherever it is used, and changes nothing that all tenants share.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProblemError, apiKeyOf, operations, type ActionName } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import type { EndpointAction } from '../../../apps/gateway/src/operations/domain/operation-request.js';
import { exampleData } from '../../../apps/gateway/src/openapi/examples.js';
import { GatewayUnderTest, jobId, minimalJob, notFound } from './gateway-under-test.js';
import { recordOfKey } from './keys-in-memory.js';

const key = apiKeyOf('bound', 'ab'.repeat(20));

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  under.writeKeys([{ ...recordOfKey(key, 'bound', 'admin'), tenant: 'shop' }]);
  await eventually(async () => expect((await under.fetch('/health', { key })).status).toBe(200));
});

afterAll(() => under.stop());

beforeEach(() => {
  under.asked.length = 0;
});

const post = (path: string, action: ActionName) =>
  under.fetch(path, {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action, data: exampleData[action as EndpointAction] }),
  });

const actions = (Object.keys(operations) as ActionName[]).flatMap((name) => {
  const operation = operations[name];
  return 'endpoint' in operation ? [{ name, path: operation.endpoint, tenancy: operation.tenancy }] : [];
});

describe('a key that is bound to a tenant', () => {
  it.each(actions.filter(({ tenancy }) => tenancy !== 'platform'))('asks $name as its tenant', async ({ name, path }) => {
    under.answer(name, () => {
      throw new ProblemError('INTERNAL', 'Not now.');
    });
    await under.settled();
    await post(path, name);
    expect(under.asked.map(({ action, actor }) => [action, actor.tenant])).toEqual([[name, 'shop']]);
  });

  it.each(actions.filter(({ tenancy }) => tenancy === 'platform'))(
    'may not $name, which is about all',
    async ({ name, path }) => {
      expect(await post(path, name)).toMatchObject({ status: 403, problem: { code: 'FORBIDDEN' } });
      expect(under.asked).toEqual([]);
    },
  );

  it('follows no job that is not there for its tenant', async () => {
    under.answer('getJob', notFound);
    await under.settled();
    for (const method of ['GET', 'HEAD']) {
      expect((await under.fetch(`/v1/jobs/${jobId}/events`, { key, method })).status).toBe(404);
      expect((await under.fetch(`/v1/stream?topics=groups,job:${jobId}`, { key, method })).status).toBe(404);
    }
    expect(under.asked.map(({ actor }) => actor.tenant)).toEqual(['shop', 'shop', 'shop', 'shop']);
  });

  it('uploads as its tenant', async () => {
    under.answer('stageTasks', () => ({ staged: 1 }));
    under.answer('commitUpload', ({ job_id }) => ({ job_id, status: 'pending', total_tasks: 1, replayed: false }));
    await under.settled();
    const lines = [{ action: 'createJob', data: minimalJob }, { payload: 1 }].map((line) => JSON.stringify(line)).join('\n');
    await under.fetch('/job-operations', {
      method: 'POST',
      key,
      body: lines,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(new Set(under.asked.map(({ actor }) => actor.tenant))).toEqual(new Set(['shop']));
    expect(under.asked.map(({ action }) => action)).toContain('commitUpload');
  });

  it.each(['/metrics', '/metrics/targets', '/v1/fleet', '/v1/stream?topics=fleet', '/v1/stream?topics=groups,jobs'])(
    'is not shown %s, which tells of all',
    async (path) => {
      expect(await under.fetch(path, { key })).toMatchObject({ status: 403, problem: { code: 'FORBIDDEN' } });
    },
  );
});
