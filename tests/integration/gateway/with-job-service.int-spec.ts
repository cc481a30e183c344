import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type Client, type JobEvent } from '@kintsugi/client';
import { createJobSchema, taskStates } from '@kintsugi/contracts';
import type { Service } from '@kintsugi/hosting';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import type { gatewaySettings } from '../../../apps/gateway/src/gateway.config.js';
import { gateway as definition } from '../../../apps/gateway/src/gateway.js';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { startService } from '../service-under-test.js';

const program = bundleOf('job-service');

let servers: TestServers;
let jobService: ChildProcess;
let gateway: Service<typeof gatewaySettings>;
let client: Client;

beforeAll(async () => {
  if (!existsSync(program)) throw new Error(`${program} is missing. Run ./kintsugi test, which builds it first.`);
  servers = await startTestServers();
  jobService = spawn(process.execPath, [program], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      NATS_URL: servers.natsUrl,
      MONGO_URL: servers.mongoUrl,
      INSTANCE_ID: 'test',
      OPS_PORT: '0',
      KINTSUGI_LEASHED: '1',
      LOG_LEVEL: 'error',
    },
  });
  ({ service: gateway } = await startService(definition, servers, { API_PORT: '0', AUTH: 'off' }));
  client = createClient({ baseUrl: gateway.url });
  await eventually(async () => expect((await client.health()).services['job-service']).toBe('ready'));
});

afterAll(async () => {
  await gateway?.close();
  jobService?.kill();
  await servers?.stop();
});

const head = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this' };

describe('the gateway and job-service together', () => {
  it('accept a job, and show it and its tasks as they were given', async () => {
    const tasks = [{ id: 'ada', payload: { to: 'ada@example.com' } }, { payload: [1, null, 'é'] }];
    const { job_id } = await client.createJob({ ...head, tasks, labels: { team: 'mail' } });
    expect(await client.getJob(job_id)).toMatchObject({ id: job_id, total_tasks: 2, labels: { team: 'mail' }, product_id: 'p' });
    const { items } = await client.listTasks(job_id);
    expect(items.map(({ key, payload }) => ({ key, payload }))).toEqual([
      { key: 'ada', payload: { to: 'ada@example.com' } },
      { key: null, payload: [1, null, 'é'] },
    ]);
  });

  it.each([1, 2])('count the tasks of a job of %d in every state, also where there are none', async (count) => {
    const { job_id } = await client.createJob({ ...head, tasks: Array.from({ length: count }, () => ({})) });
    const { task_counts } = await client.getJob(job_id);
    expect(task_counts).toEqual({ ...Object.fromEntries(taskStates.map((state) => [state, 0])), ready: count });
  });

  it.each([1, 2])('show what tasks are expected to use as it was given, and hold none of %d to it', async (count) => {
    const resource_limits = { max_memory: 0.5, max_cpu: 0.01 };
    const { job_id } = await client.createJob({ ...head, tasks: Array.from({ length: count }, () => ({})), resource_limits });
    expect(await client.getJob(job_id)).toMatchObject({ resource_limits });
    expect(createJobSchema.shape.resource_limits.description).toContain('a command (execute_cli) that uses more is stopped');
  });

  it('accept an upload once, however often it is sent with its key', async () => {
    const tasks = Array.from({ length: 3_000 }, (_, index) => ({ id: `t${index}`, payload: { index } }));
    const keyed = { ...head, idempotency_key: 'upload' };
    const first = await client.submitTasks(keyed, tasks);
    expect(first).toMatchObject({ total_tasks: 3_000, replayed: false });
    expect(await client.submitTasks(keyed, tasks)).toEqual({ ...first, status: expect.any(String), replayed: true });
    await expect(client.submitTasks(keyed, tasks.slice(1))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    const page = await client.listTasks(first.job_id, { limit: 200 });
    expect(page.items.map(({ key }) => key)).toEqual(tasks.slice(0, 200).map(({ id }) => id));
  });

  it.each([1, 2, 300])(
    'make one job of a request with %d tasks under one key, however its JSON is written and sent',
    async (count) => {
      const keyed = { ...head, idempotency_key: `spelt otherwise ${count}` };
      const tasks = Array.from({ length: count }, (_, n) => ({ id: `t${n}`, payload: { n: n * 100, text: 'é' } }));
      const first = await client.createJob({ ...keyed, tasks });
      expect(first.replayed).toBe(false);
      const again = { job_id: first.job_id, replayed: true };
      const spelt = tasks.map(({ id }, n) => ` { "payload": {"text":"\\u00e9", "n": ${n}e2}, "id":"${id}" }\n\n`);
      expect(await client.submitTasks({ priority: 5, ...keyed }, spelt)).toMatchObject(again);
      const body = `{"data":{"tasks":[${spelt.join(',')}],"idempotency_key":"${keyed.idempotency_key}","type":"${head.type}","sending_group_id":"g","product_id":"p"},"action":"createJob"}`;
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${gateway.url}/job-operations`, { method: 'POST', headers, body });
      expect(await reply.json()).toMatchObject(again);
      const others = [...tasks.slice(1), { id: 'another', payload: null }];
      await expect(client.createJob({ ...keyed, tasks: others })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_MISMATCH',
      });
    },
  );

  it('accept nothing of an upload with one bad line', async () => {
    const lines = `${'{"payload":1}\n'.repeat(2_000)}{"payload":\n`;
    const keyed = { ...head, idempotency_key: 'first bad, then good' };
    await expect(client.submitTasks(keyed, [lines])).rejects.toMatchObject({
      code: 'JSON_INVALID',
      message: expect.stringContaining('line 2002'),
    });
    // The key was not used up by what was refused.
    expect(await client.submitTasks(keyed, [{ payload: 1 }])).toMatchObject({ total_tasks: 1, replayed: false });
  });

  it('tell who follows a job how it ends', async () => {
    const { job_id } = await client.createJob({ ...head, tasks: [{}, {}] });
    const events: JobEvent[] = [];
    const followed = (async () => {
      for await (const event of client.followJob(job_id, { until: 'over' })) events.push(event);
    })();
    await eventually(() => expect(events[0]?.event).toBe('snapshot'));
    await client.cancelJob(job_id);
    await followed;
    expect(events.at(-1)).toMatchObject({ event: 'job.cancelled', data: { job_id, status: 'cancelled', total_tasks: 2 } });
    await expect(client.getJob(`${job_id.slice(0, -1)}${job_id.endsWith('0') ? '1' : '0'}`)).rejects.toMatchObject({
      code: 'JOB_NOT_FOUND',
    });
  });
});
