import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CollectionInfo } from 'mongodb';
import { ProblemError, subjects, type Actor, type JobMetricsAnswer, type UsageSample } from '@kintsugi/contracts';
import { callAction, type CallOptions } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { MongoUsageStore } from '../../../apps/metrics-service/src/samples/mongo/mongo-usage-store.js';
import { prepareUsage, usageCollections } from '../../../apps/metrics-service/src/samples/mongo/usage-collections.js';
import { describeUsageStore } from '../../../apps/metrics-service/src/samples/usage-store-conformance.js';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;

const day = 86_400_000;
let databases = 0;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers);
  events = new JobEventTeller(service.bus);
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

describeUsageStore('in MongoDB', async () => {
  const store = service.store.beside(`usage_${(databases += 1)}`);
  await prepareUsage(store, { sample: day, minute: day, hour: day });
  return new MongoUsageStore(store);
});

function sampleOf(jobId: string, worker: string): UsageSample {
  return {
    ...{ v: 1, worker_id: worker, host: 'h', span_ms: 5_000, busy_ms: 5_000, cpu_ms: 3_000, memory_mib: 90 },
    ...{ loop_share: 0.5, slots: 8, done: 20, failed: 5 },
    jobs: [{ job_id: jobId, busy_ms: 5_000, cpu_ms: 2_500, memory_mib: 60, measured: true, done: 20, failed: 5, run_ms: 4_000 }],
  };
}

async function jobWithUsage(): Promise<string> {
  const jobId = newJobId();
  await events.created(0, [events.head(jobId, 0)]);
  await events.started(10, jobId);
  await eventually(async () => expect((await service.row(jobId))?.first_started_at).toBeGreaterThan(0));
  for (const worker of ['w1', 'w2']) service.bus.publish(subjects.samples, JSON.stringify(sampleOf(jobId, worker)));
  return jobId;
}

const now = {
  start_time: () => new Date(Date.now() - 60_000).toISOString(),
  end_time: () => new Date(Date.now() + 60_000).toISOString(),
};

function metricsOf(jobId: string, options: CallOptions = {}): Promise<JobMetricsAnswer> {
  const asked = { job_ids: [jobId], interval: '10s', start_time: now.start_time(), end_time: now.end_time() };
  return callAction(service.bus, 'getJobMetrics', asked, options);
}

/** What was sampled in the last five seconds lies in one bucket then, and no millisecond between two workers counts. */
async function lateInABucket(): Promise<void> {
  await eventually(() => expect([6, 7, 8]).toContain(Math.floor(Date.now() / 1_000) % 10));
}

describe('what workers tell that jobs use', () => {
  it('is told over time, in aligned buckets with gaps, all workers together', async () => {
    await lateInABucket();
    const jobId = await jobWithUsage();
    const answer = await eventually(async () => {
      const found = await metricsOf(jobId);
      expect(found.jobs[0]?.cpu).toMatchObject({ basis: 'measured', mean: 1, unit: 'cores' });
      return found;
    });
    expect(answer).toMatchObject({ interval: '10s', interval_ms: 10_000, resolution: 'sample', is_widened: false });
    expect(Date.parse(answer.start_time) % 10_000).toBe(0);
    const { cpu, memory, duration, throughput } = answer.jobs[0] ?? {};
    expect(cpu?.values.filter((value) => value !== null).length).toBeLessThanOrEqual(2);
    expect(cpu?.values.length).toBe((Date.parse(answer.end_time) - Date.parse(answer.start_time)) / 10_000);
    expect([memory?.max, duration?.mean, throughput?.mean]).toEqual([120, 160, 10]);
  });

  it('is known of no job of another tenant, and none that is not there', async () => {
    const jobId = await jobWithUsage();
    const actor: Actor = { key: 'k', name: 'k', role: 'viewer', tenant: 'shop', door: 'http', address: null };
    const problem = async (asked: Promise<unknown>): Promise<unknown> => {
      const error = await asked.catch((thrown: unknown) => thrown);
      return error instanceof ProblemError ? error.code : error;
    };
    expect(await problem(metricsOf(jobId, { origin: { actor, requestId: 'r' } }))).toMatch(/JOB_NOT_FOUND|SERVICE_UNAVAILABLE/);
    expect(await problem(metricsOf('job_nonsense'))).toBe('VALIDATION_FAILED');
    expect(await problem(callAction(service.bus, 'getJobMetrics', { job_ids: [jobId], interval: '5s' }))).toBe(
      'VALIDATION_FAILED',
    );
  });

  it('goes with the job', async () => {
    const jobId = await jobWithUsage();
    const count = () => service.store.collection(usageCollections.sample).countDocuments({ 'of.id': jobId });
    await eventually(async () => expect(await count()).toBe(2));
    await callAction(service.bus, 'forgetJobs', { job_ids: [jobId] });
    expect(await count()).toBe(0);
  });

  it('is left out where it makes no sense', async () => {
    service.bus.publish(subjects.samples, '{"v":1}');
    service.bus.publish(subjects.samples, 'nonsense');
    const lost = 'kintsugi_usage_records_lost_total';
    await eventually(async () =>
      expect(await service.metrics.registry.getSingleMetricAsString(lost)).toMatch(/reason="malformed"\} 2$/m),
    );
  });
});

it('how long it is kept follows the settings', async () => {
  const store = service.store.beside('usage_kept');
  await prepareUsage(store, { sample: day, minute: day, hour: day });
  await prepareUsage(store, { sample: 2 * day, minute: 3 * day, hour: 4 * day });
  const found = (await store.db.listCollections({ type: 'timeseries' }).toArray()) as CollectionInfo[];
  const kept = found.map(({ name, options }) => [name, options?.['expireAfterSeconds']]);
  expect(Object.fromEntries(kept)).toEqual({ usage_samples: 172_800, usage_minutes: 259_200, usage_hours: 345_600 });
});
