// After the broker's files went back to an older copy, a reader is given everything that is published from then on: also
// where the broker had noted more as read than its files hold now, which it sees to itself.
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Bus, DurableConsumer, applyTopology } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const name = 'metrics-service-jobs';

let servers: TestServers;
let bus: Bus;
let reader: DurableConsumer;
let read: string[];

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  await applyTopology(bus);
  read = [];
  reader = readerInto(read);
  await reader.start();
});

afterEach(async () => {
  await reader.stop();
  await (await bus.manager()).streams.delete('EVENTS');
  await bus.close();
});

function readerInto(texts: string[]): DurableConsumer {
  return new DurableConsumer(bus, name, {
    onBatch: async (batch) => void texts.push(...batch.map((message) => message.string())),
    onError: () => undefined,
  });
}

async function publish(...texts: string[]): Promise<void> {
  for (const text of texts) await eventually(() => bus.js.publish('kin.evt.job.created', text, { timeout: 3_000 }));
}

async function readAll(...texts: string[]): Promise<void> {
  await eventually(() => expect(read).toEqual(expect.arrayContaining(texts)));
  await eventually(async () => {
    const { num_ack_pending } = await (await bus.manager()).consumers.info('EVENTS', name);
    expect(num_ack_pending).toBe(0);
  });
}

const files = () => join(servers.folder, 'nats');
const copy = () => join(servers.folder, 'copy');
const streamFolder = (root: string) => join(root, 'jetstream', 'jetstream', '$G', 'streams', 'EVENTS');

async function copyFiles(): Promise<void> {
  await servers.nats.stop();
  rmSync(copy(), { recursive: true, force: true });
  cpSync(files(), copy(), { recursive: true });
  await servers.nats.start();
}

/** Brings the files back to the copy, or those that hold messages, while what was noted of readers stays. */
async function rollBack(part: 'all' | 'messages'): Promise<void> {
  await servers.nats.kill();
  const [from, to] = part === 'all' ? [copy(), files()] : [copy(), files()].map((root) => join(streamFolder(root), 'msgs'));
  rmSync(to as string, { recursive: true, force: true });
  renameSync(from as string, to as string);
  await servers.nats.start();
}

it.each(['all', 'messages'] as const)('when %s of it went back and the reader was there', async (part) => {
  await publish('1', '2', '3');
  await readAll('1', '2', '3');
  await copyFiles();
  await publish('4', '5', '6', '7', '8');
  await readAll('4', '5', '6', '7', '8');
  await rollBack(part);
  await publish('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  await readAll('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
});

it('when its messages went back while no reader was there', async () => {
  await publish('1', '2', '3');
  await readAll('1', '2', '3');
  await copyFiles();
  await publish('4', '5', '6', '7', '8');
  await readAll('4', '5', '6', '7', '8');
  await reader.stop();
  await rollBack('messages');
  await eventually(() => expect(bus.state).toBe('up'));
  await publish('a', 'b');
  reader = readerInto(read);
  await reader.start();
  await readAll('a', 'b');
});
