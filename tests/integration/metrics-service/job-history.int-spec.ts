import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { consumers, eventHeaders, subjects } from '@kintsugi/contracts';
import { headersOf } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(async () => {
  await servers.stop();
});

beforeEach(async () => {
  service = await startMetricsService(servers);
  events = new JobEventTeller(service.bus);
});

afterEach(async () => {
  await service.stop();
});

async function unacknowledged(): Promise<number> {
  const manager = await service.bus.manager();
  const { num_ack_pending, num_pending } = await manager.consumers.info(
    consumers['metrics-service-jobs'].stream,
    'metrics-service-jobs',
  );
  return num_ack_pending + num_pending;
}

async function metric(name: string): Promise<number> {
  const metric = service.metrics.registry.getSingleMetric(name);
  return (await metric?.get())?.values[0]?.value ?? 0;
}

describe('the job history', () => {
  it('tells how a job went once its events have arrived', async () => {
    const jobId = newJobId();
    await events.created(0, [events.head(jobId, 0, { labels: { region: 'eu' } })]);
    await events.started(10, jobId);
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({ status: 'running', uncompleted_status: 'running' });
    });
    await events.progressed(20, jobId, 1);
    await events.ended('completed', 2_010, [jobId]);
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({
        status: 'completed',
        label_pairs: ['region=eu'],
        finished_at: new Date(events.at(2_010)),
        total_tasks: 4,
        ending: { retries: 2, recovered: 1, error_types: { 'smtp.451': 2 } },
      });
    });
    expect(await service.row(jobId)).not.toHaveProperty('uncompleted_status');
    expect(service.faults).toEqual([]);
  });

  it('writes a quick job once', async () => {
    const ids = Array.from({ length: 200 }, newJobId);
    await events.created(
      0,
      ids.map((id) => events.head(id, 0)),
    );
    await events.ended('completed', 5, ids);
    await eventually(async () => {
      const rows = await service.store
        .collection<{ _id: string; rev: number; status: string }>('job_history')
        .find({ _id: { $in: ids } })
        .toArray();
      expect(rows).toHaveLength(200);
      expect(rows.filter(({ rev, status }) => rev === 0 && status === 'completed')).toHaveLength(200);
    });
    await eventually(async () => {
      expect(await unacknowledged()).toBe(0);
    });
    expect(await metric('kintsugi_history_rows_total')).toBe(200);
    const sinceFirstMs = Date.now() - Date.parse(events.at(0));
    expect(await metric('kintsugi_history_lag_seconds')).toBeLessThanOrEqual(sinceFirstMs / 1_000);
  });

  it('ends with the same row when events come late, twice and the wrong way round', async () => {
    const jobId = newJobId();
    await events.ended('completed', 80, [jobId]);
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({ status: 'completed', head: null });
    });
    await events.recovered(50, jobId);
    await events.ended('failed', 40, [jobId]);
    await events.progressed(90, jobId, 2);
    await events.started(10, jobId);
    await events.created(0, [events.head(jobId, 0)]);
    await events.created(0, [events.head(jobId, 0)]);
    await events.ended('completed', 80, [jobId]);
    await eventually(async () => {
      expect(await unacknowledged()).toBe(0);
    });
    expect(await service.row(jobId)).toMatchObject({
      status: 'completed',
      head: { type: 'smtp.send' },
      finished_at: new Date(events.at(80)),
    });
  });

  it('follows a failed job into its recovery', async () => {
    const jobId = newJobId();
    await events.created(0, [events.head(jobId, 0)]);
    await events.ended('failed', 40, [jobId]);
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({ status: 'failed', finished_at: new Date(events.at(40)) });
    });
    await events.recovered(50, jobId);
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({ status: 'recovering', ending: { status: 'failed' } });
    });
    expect(await service.row(jobId)).not.toHaveProperty('finished_at');
    await events.ended('completed', 80, [jobId]);
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({ status: 'completed', finished_at: new Date(events.at(80)) });
    });
  });

  it('keeps what it cannot read as dead letters and goes on', async () => {
    const jobId = newJobId();
    const headers = eventHeaders({ id: 'x', type: 'kintsugi.job.created.v1', source: '/test', subject: '', time: events.at(0) });
    const { js } = service.bus;
    await js.publish(subjects.event('job.created'), '{"jobs":[{"job_id":7}]}', { headers: headersOf(headers) });
    await js.publish(subjects.event('job.created'), 'no json', { headers: headersOf(headers) });
    await js.publish(subjects.event('job.created'), '{}');
    await events.created(0, [events.head(newJobId(), 0, { labels: { 'a\0b': '' } })]);
    await js.publish(subjects.event('job.created'), '{}', {
      headers: headersOf({ ...headers, 'ce-type': 'kintsugi.job.praised.v1' }),
    });
    await events.created(0, [events.head(jobId, 0, { labels: { note: 'a\0b' } })]);
    await eventually(async () => {
      expect(await service.row(jobId)).not.toBeNull();
      expect(await unacknowledged()).toBe(0);
    });
    const deadLetters = await service.store.collection('dead_letters').find().toArray();
    expect(deadLetters.map(({ reason }) => reason as string).sort()).toEqual([
      'JSON_INVALID',
      ...Array(3).fill('VALIDATION_FAILED'),
    ]);
    expect(deadLetters).toMatchObject(
      deadLetters.map(() => ({ consumer: 'metrics-service-jobs', subject: 'kin.evt.job.created' })),
    );
    expect(service.faults).toEqual([]);
  });

  it('acknowledges an event only when its facts are safe, and writes what it holds when it stops', async () => {
    const jobId = newJobId();
    await service.stop();
    service = await startMetricsService(servers, { HISTORY_HOLD_MS: '2000' });
    events = new JobEventTeller(service.bus);
    await events.created(0, [events.head(jobId, 0)]);
    await eventually(async () => {
      const manager = await service.bus.manager();
      const { num_ack_pending } = await manager.consumers.info(consumers['metrics-service-jobs'].stream, 'metrics-service-jobs');
      expect(num_ack_pending).toBe(1);
    });
    expect(await service.row(jobId)).toBeNull();
    await service.stop();
    service = await startMetricsService(servers);
    expect(await service.row(jobId)).toMatchObject({ status: 'pending' });
    expect(await unacknowledged()).toBe(0);
  });
});

describe('the job history and its servers', () => {
  it('catches up with what happened while MongoDB was gone', async () => {
    const jobId = newJobId();
    await servers.mongo.kill();
    await events.created(0, [events.head(jobId, 0)]);
    await events.ended('completed', 5, [jobId]);
    await eventually(() => expect(service.faults.length).toBeGreaterThan(0));
    await servers.mongo.start();
    await eventually(async () => {
      expect(await service.row(jobId)).toMatchObject({ status: 'completed' });
    });
  });

  it('goes on after every file of JetStream was lost', async () => {
    const [before, after] = [newJobId(), newJobId()];
    await events.created(0, [events.head(before, 0)]);
    await eventually(async () => {
      expect(await service.row(before)).not.toBeNull();
    });
    await servers.nats.kill();
    rmSync(join(servers.folder, 'nats', 'jetstream'), { recursive: true });
    await servers.nats.start();
    await eventually(() => events.ended('completed', 50, [before]));
    await eventually(() => events.created(60, [events.head(after, 60)]));
    await eventually(async () => {
      expect(await service.row(before)).toMatchObject({ status: 'completed' });
      expect(await service.row(after)).toMatchObject({ status: 'pending' });
    });
  });
});
