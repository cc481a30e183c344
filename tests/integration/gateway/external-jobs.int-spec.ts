// A job that somebody else runs: reported at every door, stalled when its producer falls silent, and its errors kept like others.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type Client } from '@kintsugi/client';
import { EventReader, headersOf } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { gateway as gatewayDefinition } from '../../../apps/gateway/src/gateway.js';
import { metricsService } from '../../../apps/metrics-service/src/metrics-service.js';
import { recoveryService } from '../../../apps/recovery-service/src/recovery-service.js';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';
import { startService } from '../service-under-test.js';

const head = { product_id: 'p', sending_group_id: 'g', type: 'render' } as const;

let servers: TestServers;
let jobs: JobServiceUnderTest;
let others: { close(): Promise<void> }[];
let reader: EventReader;
let url: string;
let client: Client;
const events: { name: string | null; data: { jobs?: Record<string, unknown>[] } }[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  jobs = await startJobService(servers);
  const { service: recovery } = await startService(recoveryService, servers, {});
  const { service: metrics } = await startService(metricsService, servers, {});
  const { service: gateway } = await startService(gatewayDefinition, servers, { API_PORT: '0', AUTH: 'off' });
  others = [gateway, metrics, recovery];
  reader = await EventReader.open(jobs.bus, 1, ({ name, data }) => {
    events.push({ name, data: JSON.parse(Buffer.from(data).toString()) as (typeof events)[number]['data'] });
  });
  url = gateway.url;
  client = createClient({ baseUrl: url });
});

afterAll(async () => {
  await reader?.close();
  for (const service of others ?? []) await service.close();
  await jobs?.stop();
  await servers?.stop();
});

let jobId: string;

beforeEach(async () => {
  jobId = (await client.createJob({ ...head, executor: 'external' })).job_id;
});

const told = (name: string) => events.filter((event) => event.name === name).flatMap(({ data }) => data.jobs ?? []);
const toldOf = (name: string) => told(name).filter((entry) => entry['job_id'] === jobId);

async function command(data: object, id: string): Promise<void> {
  const headers = headersOf({ 'Nats-Msg-Id': id });
  await jobs.bus.js.publish('kin.cmd.updateBatchJob', JSON.stringify({ job_id: jobId, ...data }), { headers });
}

describe('an external job', () => {
  it('is dispatched to nobody, and waits for its producer', async () => {
    const job = await client.getJob(jobId);
    expect(job).toMatchObject({ status: 'pending', executor: 'external', stalled_after_s: 3_600, total_tasks: 0, version: 1 });
    expect(job.detailed_status.current_phase).toBe('waiting_for_producer');
    expect(job.waiting_reason).toBeUndefined();
    expect(await client.listTasks(jobId)).toEqual({ items: [], next_cursor: null });
    const { waiting } = await client.explainJob(jobId);
    expect(waiting).toMatchObject([{ reason: 'PRODUCER', holder: 'its producer', since: job.created_at }]);
  });

  it('is what its producer reports, until its end, which the history tells too', async () => {
    const detailed_status = { current_phase: 'rendering', progress_percentage: 40, active_tasks: 3, error_count: 1 };
    const running = await client.updateBatchJob(jobId, { status: 'running', detailed_status });
    expect(running).toMatchObject({ status: 'running', detailed_status, version: 2 });
    const later = await client.updateBatchJob(jobId, { detailed_status: { progress_percentage: 20, current_phase: 'encoding' } });
    expect(later.detailed_status).toMatchObject({ current_phase: 'encoding', progress_percentage: 40 });
    await client.updateBatchJob(jobId, {
      status: 'failed',
      error_details: { code: 'net.timeout', message: 'No answer', stack: 's' },
    });
    await expect(client.updateBatchJob(jobId, { status: 'running' })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      status: 409,
      extras: { current: 'failed', allowed: ['recovering'] },
    });
    await eventually(async () => {
      const { items } = await client.listErrors({ job_id: jobId });
      expect(items).toMatchObject([
        { error_type: 'net.timeout', error_message: 'No answer', stack_trace: 's', recovery_status: 'failed' },
      ]);
      expect(items[0]?.decision[0]).toContain('transient');
      expect(items[0]).not.toHaveProperty('task_id');
    });
    await eventually(async () => {
      const listed = (await client.listJobs({ type: 'render' })).items.find(({ id }) => id === jobId);
      expect(listed).toMatchObject({ status: 'failed', executor: 'external', detailed_status: { progress_percentage: 40 } });
    });
  });

  it('is changed only while it is of the version that was read, as ETag and as field', async () => {
    const etag = (await fetch(`${url}/v1/jobs/${jobId}`)).headers.get('etag');
    expect(etag).toBe('"1"');
    const put = (data: object, ifMatch: string) =>
      fetch(`${url}/job-operations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'if-match': ifMatch },
        body: JSON.stringify({ action: 'updateBatchJob', data: { job_id: jobId, ...data } }),
      });
    const first = await put({ status: 'running' }, etag ?? '');
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    const second = await put({ status: 'completed' }, etag ?? '');
    expect([second.status, await second.json()]).toMatchObject([412, { code: 'VERSION_CONFLICT', current: '2' }]);
    expect((await put({ status: 'completed' }, 'W/"2"')).status).toBe(400);
    await expect(client.updateBatchJob(jobId, { status: 'completed', expected_version: 1 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    expect((await client.getJob(jobId)).status).toBe('running');
  });

  it('is reported by durable commands, each of which counts once', async () => {
    await command({ status: 'running' }, `${jobId}-1`);
    const error_details = { code: 'smtp.451', message: 'later' };
    // The stream drops a copy of the same id for a while; one that is delivered again has the same one.
    await command({ error_details }, `${jobId}-2`);
    await command({ status: 'completed' }, `${jobId}-3`);
    await eventually(async () => expect((await client.getJob(jobId)).status).toBe('completed'));
    expect((await client.getJob(jobId)).detailed_status.error_count).toBe(1);
  });

  it('is reported in the order in which its commands were sent, also where they come together', async () => {
    const faults = Array.from({ length: 30 }, (_, number) => ({
      error_details: { code: 'smtp.451', message: `later ${number}` },
    }));
    const reports = [{ status: 'running' }, ...faults, { status: 'completed' }];
    await Promise.all(reports.map((report, place) => command(report, `${jobId}-${place}`)));
    await eventually(async () => expect((await client.getJob(jobId)).status).toBe('completed'));
    expect((await client.getJob(jobId)).detailed_status.error_count).toBe(30);
  });

  it('is paused, resumed and cancelled at the word of a person, which its producer hears', async () => {
    await client.updateBatchJob(jobId, { status: 'running' });
    expect((await client.pauseJob(jobId)).status).toBe('paused');
    expect((await client.explainJob(jobId)).waiting).toMatchObject([{ reason: 'PAUSED' }]);
    expect((await client.resumeJob(jobId)).status).toBe('running');
    expect((await client.cancelJob(jobId)).status).toBe('cancelling');
    await eventually(() => {
      expect(toldOf('job.paused')).toMatchObject([{ status: 'paused' }]);
      expect(toldOf('job.resumed')).toMatchObject([{ status: 'running' }]);
      expect(toldOf('job.cancel_requested')).toMatchObject([{ status: 'cancelling' }]);
    });
    expect((await client.updateBatchJob(jobId, { status: 'cancelled' })).status).toBe('cancelled');
    await expect(client.cancelJob(jobId)).resolves.toMatchObject({ status: 'cancelled' });
  });

  it('that its producer has never reported on ends with its cancellation', async () => {
    expect((await client.cancelJob(jobId)).status).toBe('cancelled');
    await eventually(() => expect(toldOf('job.cancelled')).toHaveLength(1));
  });

  it('fails as stalled when its producer falls silent, with a record of it', async () => {
    jobId = (await client.createJob({ ...head, executor: 'external', stalled_after_s: 1 })).job_id;
    await client.updateBatchJob(jobId, { status: 'running' });
    await eventually(async () => expect((await client.getJob(jobId)).status).toBe('failed'));
    await eventually(async () =>
      expect((await client.listErrors({ job_id: jobId })).items).toMatchObject([{ error_type: 'job.stalled' }]),
    );
    expect(toldOf('job.failed')).toMatchObject([{ error_types: { 'job.stalled': 1 } }]);
  });
});

describe('what does not go together is refused', () => {
  it.each([
    ['tasks of a job that has none here', { executor: 'external' as const, tasks: [{ payload: 1 }] }, 'data.tasks'],
    ['a time of silence for workers', { stalled_after_s: 5, tasks: [{ payload: 1 }] }, 'data.stalled_after_s'],
  ])('%s', async (_what, given, path) => {
    await expect(client.createJob({ ...head, ...given })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path, rule: 'NOT_ALLOWED' }] },
    });
  });

  it('what follows from tasks, of a job that workers run', async () => {
    const { job_id } = await client.createJob({ ...head, tasks: [{ payload: 1 }, { payload: 2 }] });
    const { job_id: single } = await client.createJob({ ...head, tasks: [{ payload: 1 }] });
    for (const id of [job_id, single]) {
      await expect(client.updateBatchJob(id, { detailed_status: { progress_percentage: 4 } })).rejects.toMatchObject({
        code: 'RUN_BY_WORKERS',
        extras: { errors: [{ path: 'data.detailed_status' }] },
      });
      await expect(client.updateBatchJob(id, { status: 'completed' })).rejects.toMatchObject({
        code: 'STATE_CONFLICT',
        extras: { current: 'pending', allowed: expect.arrayContaining(['paused', 'cancelled']) },
      });
      expect((await client.updateBatchJob(id, { status: 'paused' })).status).toBe('paused');
      expect(['cancelling', 'cancelled']).toContain((await client.updateBatchJob(id, { status: 'cancelled' })).status);
    }
  });
});
