// An event that was promised with a change and not published, because its service died in between, is published all the same.
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { subjects, type WorkHeader } from '@kintsugi/contracts';
import { callAction, type Subscription } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;
let events: string[];
let subscription: Subscription;

beforeAll(async () => {
  servers = await startTestServers();
}, 60_000);

afterAll(() => servers.stop(), 30_000);

async function start(settings: Record<string, string>): Promise<void> {
  service = await startJobService(servers, settings);
  events = [];
  subscription = service.bus.subscribe(subjects.event('job.completed'), (message) => void events.push(message.string()));
}

afterEach(async () => {
  jest.restoreAllMocks();
  subscription.unsubscribe();
  worker?.stop();
  await service.stop();
});

/** Has a job completed whose events stay promises, as when the service dies right after the write. */
async function completeUnpublished(): Promise<string> {
  jest.spyOn(service.parts.relay, 'publish').mockImplementation(() => undefined);
  const job = { product_id: 'p', sending_group_id: 'g', type: 'send', tasks: [{}] };
  const { job_id: jobId } = await callAction(service.bus, 'createJob', job);
  worker = new ScriptedWorker(service.bus, `worker-${jobId.slice(4, 40)}`, ['send']);
  await eventually(() => expect(worker.slices).toHaveLength(1));
  await worker.succeed(worker.slices[0] as WorkHeader);
  expect(await callAction(service.bus, 'getJob', { job_id: jobId })).toMatchObject({ status: 'completed' });
  expect(events).toEqual([]);
  return jobId;
}

it('by the reconciler, when the service lives on', async () => {
  await start({ RECONCILE_EVERY_MS: '100', FORGOTTEN_AFTER_MS: '100' });
  const jobId = await completeUnpublished();
  jest.restoreAllMocks();
  await eventually(() => expect(events).toEqual([expect.stringContaining(jobId)]));
});

it('by the next service at its start, before its reconciler looks', async () => {
  await start({ RECONCILE_EVERY_MS: '600000' });
  const jobId = await completeUnpublished();
  subscription.unsubscribe();
  worker.stop();
  await service.stop();
  jest.restoreAllMocks();
  service = await startJobService(servers, { RECONCILE_EVERY_MS: '600000' });
  // What was published before this test could listen is in the stream.
  await eventually(async () => expect(await lastCompleted()).toContain(jobId));
});

async function lastCompleted(): Promise<string> {
  const manager = await service.bus.js.jetstreamManager();
  const message = await manager.streams.getMessage('EVENTS', { last_by_subj: subjects.event('job.completed') });
  return message?.string() ?? '';
}
