// What the contracts say of streams and consumers is brought about; what an operator has set beside it is left alone.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ConsumerName, StreamName } from '@kintsugi/contracts';
import { Bus, applyTopology } from '@kintsugi/messaging';
import { startTestServers, type TestServers } from '@kintsugi/testing';

const stream: StreamName = 'COMMANDS';
const reader: { stream: StreamName; consumer: ConsumerName } = { stream: 'EVENTS', consumer: 'recovery-service-failures' };

let servers: TestServers;
let bus: Bus;

beforeAll(async () => {
  servers = await startTestServers();
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'operator' });
  await applyTopology(bus);
});

afterAll(async () => {
  await bus?.connection.close();
  await servers?.stop();
});

it('a stream that was given other limits gets those of the contracts again', async () => {
  const { streams, consumers } = await bus.manager();
  const { config } = await streams.info(stream);
  const asked = (await consumers.info(reader.stream, reader.consumer)).config;
  await streams.update(stream, { max_bytes: 1_024 ** 2 });
  await consumers.update(reader.stream, reader.consumer, { max_ack_pending: 1 });
  await applyTopology(bus);
  expect((await streams.info(stream)).config.max_bytes).toBe(config.max_bytes);
  expect((await consumers.info(reader.stream, reader.consumer)).config.max_ack_pending).toBe(asked.max_ack_pending);
});

it('a setting of its operator is not written again, so that one changed at that moment is not taken back', async () => {
  const { streams, consumers } = await bus.manager();
  await streams.update(stream, { max_msg_size: 10 });
  await consumers.update(reader.stream, reader.consumer, { max_batch: 100 });
  const written: string[] = [];
  for (const subject of ['$JS.API.STREAM.UPDATE.>', '$JS.API.CONSUMER.>']) {
    bus.connection.subscribe(subject, {
      callback: (_error, message) => {
        const { action } = subject.includes('CONSUMER') && message.data.length > 0 ? message.json<{ action?: string }>() : {};
        if (action !== 'create' && !message.subject.includes('.INFO.')) written.push(message.subject);
      },
    });
  }
  await bus.connection.flush();
  await applyTopology(bus);
  await bus.connection.flush();
  expect(written).toEqual([]);
  expect((await streams.info(stream)).config.max_msg_size).toBe(10);
});
