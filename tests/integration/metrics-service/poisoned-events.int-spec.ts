// An event that the history cannot take holds up no other and is not lost: it is kept as a dead letter.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ConsumerName, DeadLetterView } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

const consumer: ConsumerName = 'metrics-service-jobs';

let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers);
  events = new JobEventTeller(service.bus);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const deadLetters = () => service.store.collection('dead_letters').find().toArray();

async function unsettled(): Promise<number> {
  const manager = await service.bus.manager();
  const { num_ack_pending, num_pending } = await manager.consumers.info('EVENTS', consumer);
  return num_ack_pending + num_pending;
}

it('that fails by an unexpected fault is tried five times, then kept, and taken in when it is replayed; what was written with it is there at once', async () => {
  // The database refuses jobs of this type, each time and for a reason that the service does not know of.
  await service.store.db.command({ collMod: 'job_history', validator: { 'head.type': { $ne: 'poison' } } });
  const [poisoned, ...others] = Array.from({ length: 31 }, newJobId);
  if (!poisoned) throw new Error('No job.');
  await Promise.all([
    ...others.map((id) => events.created(0, [events.head(id, 0)])),
    events.created(0, [events.head(poisoned, 0, { type: 'poison' })]),
    events.ended('completed', 5, [poisoned]),
    events.ended('completed', 5, others),
  ]);
  for (const id of others) {
    await eventually(async () =>
      expect(await service.row(id)).toMatchObject({ status: 'completed', head: { type: 'smtp.send' } }),
    );
  }
  // The end of the poisoned job can be written, though what was told of its beginning cannot.
  await eventually(async () => expect(await service.row(poisoned)).toMatchObject({ status: 'completed', head: null }));
  const kept = await eventually(async () => {
    const found = await deadLetters();
    expect(found).toHaveLength(1);
    return found;
  });
  expect(kept).toMatchObject([{ consumer, reason: 'INTERNAL', subject: 'kin.evt.job.created' }]);
  expect(kept[0]?.['headers']).toContainEqual({ name: 'ce-type', value: 'kintsugi.job.created.v1' });
  expect(JSON.parse(kept[0]?.['payload'] as string)).toMatchObject({ jobs: [{ job_id: poisoned, type: 'poison' }] });
  await eventually(async () => expect(await unsettled()).toBe(0));
  const metric = await service.metrics.registry.getSingleMetric('kintsugi_dead_letters_total')?.get();
  expect(metric?.values).toMatchObject([{ labels: { reason: 'INTERNAL' }, value: 1 }]);
  expect(service.faults).toHaveLength(5);
  const [{ id }] = (await callAction(service.bus, 'listMetricsDeadLetters', {})).items as [DeadLetterView];
  expect(await callAction(service.bus, 'replayMetricsDeadLetter', { id })).toMatchObject({
    outcome: 'failed',
    reason: 'INTERNAL',
  });
  await service.store.db.command({ collMod: 'job_history', validator: {} });
  expect(await callAction(service.bus, 'replayMetricsDeadLetter', { id })).toMatchObject({ outcome: 'done' });
  expect(await service.row(poisoned)).toMatchObject({ status: 'completed', head: { type: 'poison' } });
});
