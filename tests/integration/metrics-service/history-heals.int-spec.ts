// The history says of every accepted job what the record does, also after the broker has lost its files or gone back to an
// older copy of them.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { subjects, type BatchJob } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';
import { ScriptedWorker } from '../job-service/scripted-worker.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

let servers: TestServers;
let jobService: JobServiceUnderTest;
let worker: ScriptedWorker;
let metrics: MetricsServiceUnderTest | null = null;
let jobIds: string[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await startJobService(servers);
});

afterAll(async () => {
  await jobService.stop();
  await servers.stop();
});

beforeEach(() => {
  worker = new ScriptedWorker(jobService.bus, 'test-worker', ['test']);
  jobIds = [];
});

afterEach(async () => {
  worker.stop();
  await metrics?.stop();
  metrics = null;
});

async function openHistory(given: Record<string, string> = {}): Promise<MetricsServiceUnderTest> {
  metrics = await startMetricsService(servers, { HISTORY_COMPARE_AFTER_MS: '0', ...given });
  return metrics;
}

/** Jobs of one task, and of several, of which one in two is finished. */
async function makeJobs(): Promise<void> {
  const order = { type: 'test', product_id: 'p', sending_group_id: 'g', idempotency_key: undefined };
  const create = (tasks: object[]) => callAction(jobService.bus, 'createJob', { ...order, tasks }, { timeoutMs: 60_000 });
  const receipts = await Promise.all([
    ...Array.from({ length: 40 }, () => create([{}])),
    ...Array.from({ length: 6 }, () => create([{}, {}, {}])),
  ]);
  jobIds.push(...receipts.map(({ job_id }) => job_id));
  for (let reports = 0; reports < 3; reports += 1) {
    await eventually(() => expect(worker.slices.length).toBeGreaterThan(0));
    const [slice] = worker.slices;
    if (slice) await worker.succeed(slice);
  }
  await eventually(() => expect(jobService.parts.relay.size).toBe(0));
}

/** What the two say of each job that was accepted in this test. */
async function expectHistoryIsRight(): Promise<void> {
  await eventually(async () => {
    for (const id of jobIds) {
      const recorded = await callAction(jobService.bus, 'getJob', { job_id: id });
      const { items } = await callAction(jobService.bus, 'listJobs', { limit: 200, created_after: recorded.created_at });
      const remembered = items.find((job: BatchJob) => job.id === id);
      // No event tells that a job of one task is with a worker.
      const isBundledRun = id.includes('.') && recorded.status === 'running';
      expect(isBundledRun ? ['pending', 'running'] : [recorded.status]).toContain(remembered?.status);
      if (recorded.finished_at) expect(remembered?.finished_at).toBe(recorded.finished_at);
    }
  });
}

const inAnHour = (): Date => new Date(Date.now() + 3_600_000);

async function corrections(): Promise<number> {
  const metric = await metrics?.metrics.registry.getSingleMetric('kintsugi_history_corrections_total')?.get();
  return metric?.values[0]?.value ?? 0;
}

async function brokerIsBack(): Promise<void> {
  await servers.nats.start();
  await eventually(() => callAction(jobService.bus, 'checkJobs', { from: '', before: '' }, { timeoutMs: 2_000 }));
}

const files = (): string => join(servers.folder, 'nats', 'jetstream');
const copy = (): string => join(servers.folder, 'copy');

it('after the files of the broker were lost while nobody had read them', async () => {
  await makeJobs();
  await servers.nats.kill();
  rmSync(files(), { recursive: true });
  await brokerIsBack();
  await openHistory();
  await expectHistoryIsRight();
});

it('after they were lost under a history that was there and had read some', async () => {
  await openHistory();
  await makeJobs();
  await expectHistoryIsRight();
  const { consumers } = await jobService.bus.manager();
  // The events that are lost: nobody is given any more.
  await consumers.pause('EVENTS', 'metrics-service-jobs', inAnHour());
  await makeJobs();
  await servers.nats.kill();
  rmSync(files(), { recursive: true });
  await brokerIsBack();
  await expectHistoryIsRight();
});

it.each(['there', 'away'])(
  'after they went back to an older copy, and were written on, while the history was %s',
  async (where) => {
    await openHistory();
    await makeJobs();
    await expectHistoryIsRight();
    await servers.nats.stop();
    rmSync(copy(), { recursive: true, force: true });
    cpSync(files(), copy(), { recursive: true });
    await brokerIsBack();
    if (where === 'away') await metrics?.stop();
    else await (await jobService.bus.manager()).consumers.pause('EVENTS', 'metrics-service-jobs', inAnHour());
    await makeJobs();
    await servers.nats.kill();
    rmSync(files(), { recursive: true });
    cpSync(copy(), files(), { recursive: true });
    await brokerIsBack();
    await makeJobs();
    if (where === 'away') await openHistory();
    await expectHistoryIsRight();
  },
);

it('holds what it has corrected against the record once more, which then differs in nothing', async () => {
  await makeJobs();
  await servers.nats.kill();
  rmSync(files(), { recursive: true });
  await brokerIsBack();
  const answered: string[] = [];
  const subscription = jobService.bus.subscribe(subjects.request('job', 'checkJobs'), (message) => {
    const { listed, ...range } = message.json<{ listed?: true }>();
    answered.push(`${listed ? 'versions' : 'digest'} ${JSON.stringify(range)}`);
  });
  const { faults } = await openHistory({ HISTORY_COMPARE_EVERY_MS: '3600000' });
  // The digest of a range that was listed is asked for again, and it is the last that is asked for.
  await eventually(() => {
    const listed = answered.filter((asked) => asked.startsWith('versions')).map((asked) => asked.slice('versions '.length));
    expect(listed.length).toBeGreaterThan(0);
    expect(answered.at(-1)).toMatch(/^digest/);
    expect(listed).toContain(answered.at(-1)?.slice('digest '.length));
  });
  subscription.unsubscribe();
  await expectHistoryIsRight();
  expect(faults).toEqual([]);
});

it('compares again and again what has come since, and asks for no job that it has right', async () => {
  const asked: string[] = [];
  const subscriptions = ['checkJobs', 'readJobs'].map((action) =>
    jobService.bus.subscribe(subjects.request('job', action), () => void asked.push(action)),
  );
  await openHistory({ HISTORY_COMPARE_EVERY_MS: '200', HISTORY_COMPARE_AFTER_MS: '3600000' });
  await makeJobs();
  await expectHistoryIsRight();
  await eventually(() => expect(asked.length).toBeGreaterThan(0));
  // Jobs of the tests before may lose their workers meanwhile, and differ for as long as that is on its way.
  await eventually(async () => {
    await metrics?.stop();
    asked.length = 0;
    await openHistory({ HISTORY_COMPARE_EVERY_MS: '200' });
    await eventually(() => expect(asked.length).toBeGreaterThan(5));
    expect(asked).not.toContain('readJobs');
  });
  expect(await corrections()).toBe(0);
  for (const subscription of subscriptions) subscription.unsubscribe();
});
