// Whoever waits for an answer of job-service is told at once that it has died, and not when the time for the answer is over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import type { Problem } from '@kintsugi/contracts';
import type { Service } from '@kintsugi/hosting';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import type { gatewaySettings } from '../../../apps/gateway/src/gateway.config.js';
import { gateway as definition } from '../../../apps/gateway/src/gateway.js';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { startService } from '../service-under-test.js';

const program = bundleOf('job-service');

let servers: TestServers;
let gateway: Service<typeof gatewaySettings>;

beforeAll(async () => {
  if (!existsSync(program)) throw new Error(`${program} is missing. Run ./kintsugi test, which builds it first.`);
  servers = await startTestServers();
  ({ service: gateway } = await startService(definition, servers, { API_PORT: '0', AUTH: 'off' }));
});

afterAll(async () => {
  await gateway?.close();
  await servers?.stop();
});

it('a request under way when job-service is killed is answered before anybody starts it again', async () => {
  const { PATH } = process.env;
  const urls = { NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl };
  const env = { PATH, ...urls, OPS_PORT: '0', INSTANCE_ID: 'test', KINTSUGI_LEASHED: '1' };
  const jobService = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'inherit'], env });
  const client = createClient({ baseUrl: gateway.url });
  await eventually(async () => expect((await client.health()).services['job-service']).toBe('ready'));
  const create = () =>
    fetch(`${gateway.url}/job-operations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"action":"createJob","data":{"type":"t","product_id":"p","sending_group_id":"g","tasks":[{}]}}',
    });
  expect((await create()).status).toBe(201);
  const database = servers.mongo.pid as number;
  process.kill(database, 'SIGSTOP');
  try {
    const asked = create();
    const exited = new Promise((resolve) => jobService.once('exit', resolve));
    // It has been asked once its loop has turned after the request was sent; the database keeps it from answering.
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    jobService.kill('SIGKILL');
    await exited;
    const answer = await asked;
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    const problem = (await answer.json()) as Problem;
    expect(problem).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true });
    expect(problem.detail).toMatch(/^job-service ended before it answered/);
  } finally {
    process.kill(database, 'SIGCONT');
  }
});
