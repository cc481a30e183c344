// A reader of a durable consumer holds no more than it has room for, nothing twice, and leaves nothing behind when it stops.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { ConsumerName } from '@kintsugi/contracts';
import { Bus, DurableConsumer, applyTopology, type ConsumerSettings, type JsMsg } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const name: ConsumerName = 'job-service-commands';
const kibibyte = 1024;

let servers: TestServers;
let bus: Bus;
let readers: DurableConsumer[] = [];
let release: () => void = () => undefined;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'reads' });
  await applyTopology(bus);
});

afterEach(async () => {
  release();
  await Promise.all(readers.map((reader) => reader.stop()));
  readers = [];
  await (await bus.manager()).streams.delete('COMMANDS');
  await bus.close();
});

/** A reader whose handler does not come back before `release`; tells the sequences of what it was given. */
async function blockedReader(settings: Partial<ConsumerSettings> = {}): Promise<number[]> {
  const released = new Promise<void>((resolve) => (release = resolve));
  return reader({ ...settings, onBatch: () => released });
}

async function reader(settings: Partial<ConsumerSettings> = {}): Promise<number[]> {
  const given: number[] = [];
  const { onBatch = async () => undefined, ...rest } = settings;
  const made = new DurableConsumer(bus, name, {
    onError: () => undefined,
    ...rest,
    onBatch: async (batch: JsMsg[]) => {
      given.push(...batch.map(({ seq }) => seq));
      await onBatch(batch);
    },
  });
  readers.push(made);
  await made.start();
  return given;
}

async function publish(count: number, bytes: number): Promise<void> {
  for (let number = 0; number < count; number += 1) await bus.js.publish('kin.cmd.createJob', 'x'.repeat(bytes));
}

async function held(): Promise<{ unsettled: number; deliveries: number; left: number }> {
  const { num_ack_pending, delivered, num_pending } = await (await bus.manager()).consumers.info('COMMANDS', name);
  return { unsettled: num_ack_pending, deliveries: delivered.consumer_seq, left: num_pending };
}

it('whose handler is blocked fetches no more than it has room for, and gets no copies of it however long that takes', async () => {
  // The broker delivers again after so long what nobody says anything about: longer than a busy machine stands still.
  await (await bus.manager()).consumers.update('COMMANDS', name, { ack_wait: 3_000_000_000 });
  await publish(100, 100 * kibibyte);
  const given = await blockedReader({ heldBytesMax: 2_000 * kibibyte });
  await eventually(async () => expect((await held()).unsettled).toBeGreaterThanOrEqual(10));
  const startedAt = performance.now();
  await eventually(() => expect(performance.now() - startedAt).toBeGreaterThan(9_000));
  const { unsettled, deliveries } = await held();
  expect(unsettled).toBeLessThanOrEqual(20);
  expect(deliveries).toBe(unsettled);
  release();
  await eventually(async () => expect(await held()).toEqual({ unsettled: 0, deliveries: 100, left: 0 }));
  expect(given).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
});

it('reads also a message that is larger than all it has room for', async () => {
  await publish(3, kibibyte);
  await publish(2, 300 * kibibyte);
  await publish(3, kibibyte);
  const given = await reader({ heldBytesMax: 64 * kibibyte });
  await eventually(() => expect(given).toEqual([1, 2, 3, 4, 5, 6, 7, 8]));
});

it('that stops gives back at once what it had not begun with', async () => {
  await publish(50, 100 * kibibyte);
  const first = await blockedReader({ heldBytesMax: 20_000 * kibibyte });
  await eventually(async () => expect(await held()).toMatchObject({ unsettled: 50, left: 0 }));
  const stopping = readers[0]?.stop();
  const second = await reader();
  await eventually(() => expect(first.length + second.length).toBe(50));
  release();
  await stopping;
  await eventually(async () => expect(await held()).toMatchObject({ unsettled: 0, left: 0 }));
  expect(new Set([...first, ...second]).size).toBe(50);
});

it('reads on after its consumer was deleted, its stream was deleted, and the broker was killed', async () => {
  const given = await reader();
  const troubles = [
    async () => void (await (await bus.manager()).consumers.delete('COMMANDS', name)),
    async () => void (await (await bus.manager()).streams.delete('COMMANDS')),
    async () => {
      await servers.nats.kill();
      await servers.nats.start();
    },
  ];
  for (const trouble of troubles) {
    const before = given.length;
    await trouble();
    await eventually(() => publish(1, kibibyte));
    await eventually(() => expect(given.length).toBeGreaterThan(before));
  }
});

it('leaves nobody deaf when a handler of plain messages throws', async () => {
  const heard: string[] = [];
  bus.subscribe('test.fragile', (message) => void heard.push(message.json()));
  await bus.connection.flush();
  bus.publish('test.fragile', '{broken');
  bus.publish('test.fragile', '"whole"');
  await eventually(() => expect(heard).toEqual(['whole']));
});
