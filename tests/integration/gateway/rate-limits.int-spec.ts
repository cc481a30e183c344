import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeyOf, problemCatalogue } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { buildOpenApi } from '../../../apps/gateway/src/openapi/build-openapi.js';
import { documentedRoutes } from '../../../apps/gateway/src/openapi/documented-routes.js';
import { exampleErrorRecordId, exampleJobId } from '../../../apps/gateway/src/openapi/examples.js';
import { GatewayUnderTest, jobId, minimalJob, type Reply } from './gateway-under-test.js';
import { recordOfKey } from './keys-in-memory.js';

const perSecond = 20;

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ RATE_LIMIT_PER_SECOND: String(perSecond) });
  under.answer('createJob', () => ({ job_id: jobId, status: 'pending', total_tasks: null, replayed: false }));
  under.answer('listErrorGroups', () => ({ items: [] }));
});

afterAll(() => under.stop());

const create = (key: string) =>
  under.fetch('/job-operations', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'createJob', data: minimalJob }),
  });

function expectLimited(reply: Reply): void {
  expect(reply).toMatchObject({ status: 429, problem: { code: 'RATE_LIMITED', retryable: true } });
  expect(reply.problem.retry_after).toBeGreaterThan(0);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(reply.headers.get('ratelimit-limit')).toBe(String(perSecond));
  expect(reply.headers.get('ratelimit-remaining')).toBe('0');
  expect(Number(reply.headers.get('ratelimit-reset'))).toBeGreaterThanOrEqual(1);
}

/** Requests at once, and more of them each time, until one is refused: a slow machine takes long enough for few to let them all in. */
async function exhaust(send: () => Promise<Reply>): Promise<Reply> {
  for (let atOnce = perSecond * 2; atOnce <= perSecond * 64; atOnce *= 2) {
    const replies = await Promise.all(Array.from({ length: atOnce }, send));
    const refused = replies.find(({ status }) => status === 429);
    if (refused) return refused;
  }
  throw new Error('However many are sent at once, none is refused.');
}

const analyse = (key: string) =>
  under.fetch('/error-operations', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'analyzeErrors', data: {} }),
  });

/**
 * Whether one is answered, and half as many at once as are let in of what counts as one are then too many. Each counts as all that a
 * second lets in, so that a slow machine changes nothing.
 */
async function expectExpensive(send: () => Promise<Reply>): Promise<void> {
  await eventually(async () => expect((await send()).status).toBe(200));
  const replies = await Promise.all(Array.from({ length: perSecond / 2 }, send));
  expect(replies.find(({ status }) => status !== 200)).toMatchObject({ status: 429, problem: { code: 'RATE_LIMITED' } });
}

describe('a caller beyond its rate', () => {
  it('is told to wait, and served again when it has', async () => {
    expectLimited(await exhaust(() => create(under.keys.operator)));
    await eventually(async () => expect((await create(under.keys.operator)).status).toBe(201));
  });

  it('takes nothing from others, nor does one who only claims its key', async () => {
    await exhaust(() => create(`${under.keys.admin.slice(0, -4)}0000`));
    await exhaust(() => create(under.keys.operator));
    expect((await create(under.keys.admin)).status).toBe(201);
  });

  it('who guesses keys is told no more than that it guesses too often', async () => {
    expectLimited(await exhaust(() => create('kin_nobody_00000000000000000000000000000000')));
  });

  it('is refused sooner when it asks for what is expensive', async () => {
    await expectExpensive(() => under.fetch('/v1/error-groups', { key: under.keys.viewer }));
  });

  it('is refused as soon when it asks for the same by POST', async () => {
    under.answer('analyzeErrors', () => ({}) as never);
    const key = apiKeyOf('analyst', randomBytes(20).toString('hex'));
    under.writeKeys([recordOfKey(key, 'analyst', 'viewer')]);
    await expectExpensive(() => analyse(key));
    under.writeKeys();
  });
});

describe('what is limited', () => {
  const routes = documentedRoutes.map(({ method, path, tag }) => ({ method, path, tag }));

  it.each(routes)('$method $path is, as its description says', async ({ method, path, tag }) => {
    const listed = Object.keys(buildOpenApi().paths[path]?.[method]?.['responses'] as object);
    const id = tag === 'errors' ? exampleErrorRecordId : exampleJobId;
    const url = path.replace('{id}', id).replace('{file}', 'start.js');
    const ask = () => under.fetch(url, { method: method.toUpperCase(), key: under.keys.viewer });
    if (listed.includes(String(problemCatalogue.RATE_LIMITED.status))) {
      await exhaust(ask);
      return;
    }
    await exhaust(() => create(under.keys.viewer));
    await Promise.all(Array.from({ length: perSecond * 2 }, () => under.fetch('/docs', { key: null })));
    const statuses = (await Promise.all(Array.from({ length: perSecond * 2 }, ask))).map(({ status }) => status);
    expect(statuses).not.toContain(429);
  });
});

describe('as many requests as a benchmark makes', () => {
  it('are all taken from one key with the default', async () => {
    await under.close();
    await under.open({ RATE_LIMIT_PER_SECOND: '' });
    let left = 5_000;
    const statuses = new Map<number, number>();
    const producer = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const { status } = await create(under.keys.operator);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 64 }, producer));
    expect([...statuses]).toEqual([[201, 5_000]]);
  });
});
