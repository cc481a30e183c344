// A group is told of each job once, also of those of a time when none of it was there; what a handler throws at comes again.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { eventHeaders, eventType, subjects, type JobReceipt } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createEventListener, type EventListener, type JobEventHandler } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

let servers: TestServers;
let service: JobServiceUnderTest;
const listeners: EventListener[] = [];
const said: string[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterEach(async () => {
  await stopAll();
  said.length = 0;
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

async function listen(group: string, handler: JobEventHandler<'job.created'>): Promise<void> {
  const log = (line: string): void => void said.push(line);
  const listener = createEventListener({ natsUrl: servers.natsUrl, group, log }).on('job.created', handler);
  listeners.push(listener);
  await listener.start();
  // The group is there once the broker knows it.
  await eventually(async () => {
    const manager = await service.bus.manager();
    expect(await manager.consumers.info('EVENTS', `group-${group}`)).toBeDefined();
  });
}

async function stopAll(): Promise<void> {
  await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
}

async function createJobs(count: number): Promise<string[]> {
  const job = { product_id: 'p', sending_group_id: 'g', type: 'heard', tasks: [{ payload: null }] };
  const receipts: JobReceipt[] = await Promise.all(
    Array.from({ length: count }, () => callAction(service.bus, 'createJob', job)),
  );
  return receipts.map(({ job_id: jobId }) => jobId).sort();
}

test('each job is told to one of a group, and to each group', async () => {
  const told: Record<string, string[]> = { shop: [], mail: [] };
  for (const group of ['shop', 'shop', 'mail']) await listen(group, ({ data }) => void told[group]?.push(data.job_id));
  const jobIds = await createJobs(8);
  await eventually(() => expect([told['shop']?.sort(), told['mail']?.sort()]).toEqual([jobIds, jobIds]));
});

test('what happened while none of a group was there is told to the next one', async () => {
  const told: string[] = [];
  await listen('away', ({ data }) => void told.push(data.job_id));
  await stopAll();
  const jobIds = await createJobs(3);
  await listen('away', ({ data }) => void told.push(data.job_id));
  await eventually(() => expect(told.sort()).toEqual(jobIds));
});

test('an event whose handler throws comes again, and it is said', async () => {
  const told: string[] = [];
  await listen('careless', ({ event, id, data }) => {
    told.push(data.job_id);
    if (told.length === 1) throw new Error(`no room for ${event} ${id.length > 0 ? 'with an id' : ''}`);
  });
  const [jobId] = await createJobs(1);
  await eventually(() => expect(told).toEqual([jobId, jobId]));
  expect(said[0]).toBe('Trouble with the events of careless: no room for job.created with an id');
});

test('what is no event is said and passed over', async () => {
  const told: string[] = [];
  await listen('forged', ({ data }) => void told.push(data.job_id));
  const headers = eventHeaders({ id: 'x', type: eventType('job.created'), source: 'x', subject: 'x', time: 'x' });
  for (const body of ['{', '{"jobs": 7}']) service.bus.publish(subjects.event('job.created'), body, { headers });
  const jobIds = await createJobs(1);
  await eventually(() => expect(told).toEqual(jobIds));
  expect(said[1]).toContain('data.jobs');
  const manager = await service.bus.manager();
  await eventually(async () =>
    expect(await manager.consumers.info('EVENTS', 'group-forged')).toMatchObject({ num_ack_pending: 0, num_pending: 0 }),
  );
});

test('a listener that could hear nothing is an error, and one that waits for NATS can be stopped', async () => {
  expect(() => createEventListener({ group: 'a b' })).toThrow('up to 64 letters');
  await expect(createEventListener({ group: 'shop', log: false }).start()).rejects.toThrow(
    'call on(event, handler) before start()',
  );
  const waiting = createEventListener({ group: 'shop', natsUrl: 'nats://127.0.0.1:1', log: false }).on(
    'job.failed',
    () => undefined,
  );
  const starting = waiting.start();
  await waiting.stop();
  expect(await starting).toBe(waiting);
  expect(waiting.isConnected).toBe(false);
});
