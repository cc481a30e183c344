// An event lists all that made one move; where that is more than a message can carry, it travels in several.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { limits, type EventInput } from '@kintsugi/contracts';
import { Bus, EventPublisher, EventReader, applyTopology, eventStreamExtent, type ReceivedEvent } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

let servers: TestServers;
let bus: Bus;

beforeAll(async () => {
  servers = await startTestServers({ payloadBytesMax: limits.messageBytes });
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  await applyTopology(bus);
});

afterAll(async () => {
  await bus.close();
  await servers.stop();
});

function created(index: number): EventInput<'job.created'>['jobs'][number] {
  const labels = Object.fromEntries(Array.from({ length: 32 }, (_, label) => [`label-${label}`, '漢'.repeat(120)]));
  const head = { job_id: `job_${index}`, type: 't', product_id: 'p', sending_group_id: 'g', user_id: 'u' };
  return { ...head, priority: 5, safety: 'idempotent', labels, total_tasks: 1, created_at: '2026-11-23T06:00:00.000Z' };
}

it('of 256 jobs with 12 KiB of labels tells of each once through a server that takes 1 MiB, also when it is published again', async () => {
  const jobs = Array.from({ length: 256 }, (_, index) => created(index));
  const publisher = new EventPublisher(bus);
  const event = { id: 'evt_1', name: 'job.created' as const, source: '/test', subject: 'b', time: '2026-11-23T06:00:00.000Z' };
  await publisher.publish({ ...event, data: { jobs } });
  await publisher.publish({ ...event, data: { jobs } });
  const received: ReceivedEvent[] = [];
  const reader = await EventReader.open(bus, 1, (read) => received.push(read));
  const { lastSequence } = await eventStreamExtent(bus);
  await eventually(async () => expect(received.length).toBe(lastSequence));
  await reader.close();
  const read = received.flatMap(({ data }) => (JSON.parse(Buffer.from(data).toString()) as { jobs: typeof jobs }).jobs);
  expect(read).toEqual(jobs);
});
