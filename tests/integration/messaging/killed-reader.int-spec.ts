// What a reader held when it was killed goes to the next one within three seconds of the broker's clock; one that was only
// paused handles nothing twice.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { consumers, type ConsumerName } from '@kintsugi/contracts';
import { Bus, DurableConsumer, applyTopology } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const name: ConsumerName = 'job-service-commands';
const { stream } = consumers[name];
const nanosecondsPerSecond = 1_000_000_000;
/** How far behind the platform may be after any single kill. */
const secondsBehindMax = 3;

let servers: TestServers;
let bus: Bus;
let child: ChildProcess;
let heardByChild: number[];

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  await applyTopology(bus);
  heardByChild = [];
  child = spawn(process.execPath, ['tests/integration/messaging/programs/command-reader.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], NATS_URL: servers.natsUrl },
  });
  if (child.stdout) createInterface(child.stdout).on('line', (line) => heardByChild.push(Number(line)));
});

afterEach(async () => {
  await kill();
  const manager = await bus.manager();
  await manager.streams.delete(stream);
  await manager.streams.delete('EVENTS');
  await bus.close();
});

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function publish(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) await bus.js.publish('kin.cmd.createJob', '{}');
}

async function deliveries(): Promise<number> {
  return (await (await bus.manager()).consumers.info(stream, name)).delivered.consumer_seq;
}

/** The broker's own three seconds: tells when a message that nobody settles is delivered again after them. */
async function threeSecondsOfTheBroker(happened: () => void): Promise<void> {
  await bus.js.publish('kin.evt.job.created', '{}');
  const ack_wait = secondsBehindMax * nanosecondsPerSecond;
  await (await bus.manager()).consumers.add('EVENTS', { durable_name: 'clock', ack_policy: 'explicit', ack_wait });
  const clock = await bus.js.consumers.get('EVENTS', 'clock');
  await clock.next();
  void clock.next({ expires: 30_000 }).then(happened);
}

it('hands what it held to the next reader before three seconds of the broker are over', async () => {
  await publish(20);
  await eventually(() => expect(heardByChild).toHaveLength(20));
  const order: string[] = [];
  await kill();
  await threeSecondsOfTheBroker(() => order.push('three seconds'));
  const next = new DurableConsumer(bus, name, {
    onBatch: async (batch) => void order.push(...batch.map(({ seq }) => String(seq))),
    onError: () => undefined,
  });
  await next.start();
  await eventually(() => expect(order).toHaveLength(21));
  await next.stop();
  expect(order.at(-1)).toBe('three seconds');
  expect(new Set(order).size).toBe(21);
});

it('brings a consumer that an earlier version made to the wait of this one', async () => {
  const manager = await bus.manager();
  await manager.consumers.update(stream, name, { ack_wait: 30 * nanosecondsPerSecond });
  await applyTopology(bus);
  const { config } = await manager.consumers.info(stream, name);
  expect(config.ack_wait).toBeLessThanOrEqual(secondsBehindMax * nanosecondsPerSecond);
});

it('that was paused until the broker gave out copies takes none of them for news, and gets no more', async () => {
  await publish(20);
  await eventually(() => expect(heardByChild).toHaveLength(20));
  child.kill('SIGSTOP');
  await eventually(async () => expect(await deliveries()).toBeGreaterThan(20));
  child.kill('SIGCONT');
  await publish(1);
  await eventually(() => expect(heardByChild).toContain(21));
  const before = await deliveries();
  await new Promise<void>((resolve) => void threeSecondsOfTheBroker(resolve));
  expect(await deliveries()).toBe(before);
  expect(heardByChild).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
});
