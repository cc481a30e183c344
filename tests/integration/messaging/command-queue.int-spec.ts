// A command that the broker has receipted is kept until it was carried out; what there is no room for is refused.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { natsActor, type ConsumerName } from '@kintsugi/contracts';
import { Bus, CommandPublisher, DurableConsumer, applyTopology, headersOf } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';

const consumer: ConsumerName = 'job-service-commands';

let servers: TestServers;
let bus: Bus;
let reader: DurableConsumer | null = null;

beforeAll(async () => {
  servers = await startTestServers();
});

afterAll(() => servers.stop());

beforeEach(async () => {
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'commands' });
});

afterEach(async () => {
  await reader?.stop();
  reader = null;
  await (await bus.manager()).streams.delete('COMMANDS');
  await bus.close();
});

/** Reads and acknowledges everything; tells the message ids. */
async function readAll(): Promise<string[]> {
  const ids: string[] = [];
  reader = new DurableConsumer(bus, consumer, {
    onBatch: async (batch) => void ids.push(...batch.map(({ headers }) => headers?.get('Nats-Msg-Id') ?? '')),
    onError: () => undefined,
  });
  await reader.start();
  return ids;
}

async function publish(id: string): Promise<boolean> {
  const receipt = await bus.js.publish('kin.cmd.createJob', 'x'.repeat(100_000), { headers: headersOf({ 'Nats-Msg-Id': id }) });
  return !receipt.duplicate;
}

/** Publishes commands until one is refused. */
async function fill(): Promise<{ taken: string[]; refused: unknown }> {
  const taken: string[] = [];
  for (;;) {
    try {
      await publish(`command ${taken.length}`);
      taken.push(`command ${taken.length}`);
    } catch (refused) {
      return { taken, refused };
    }
  }
}

it('in a full stream drops nothing: the next is refused with an error, and taken once there is room', async () => {
  await applyTopology(bus);
  const manager = await bus.manager();
  await manager.streams.update('COMMANDS', { max_bytes: 1_000_000 });
  const { taken, refused } = await fill();
  expect(taken).toHaveLength(9);
  expect(refused).toMatchObject({ code: 10077, message: 'maximum bytes exceeded' });
  const tasks = Array.from({ length: 2_000 }, (_, index) => ({ task_id: `task_${index}`.padEnd(60, 'x'), attempt: 1 }));
  const internal = { id: 'an internal one', name: 'retryTasks', data: { tasks } } as const;
  const refusal = await new CommandPublisher(bus).publish({ ...internal, actor: natsActor }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(String(refusal)).toContain('maximum bytes exceeded');
  const ids = await readAll();
  await eventually(() => expect(ids).toEqual(taken));
  // A message id that was refused is not taken for a copy.
  expect(await eventually(() => publish('command 9'))).toBe(true);
  await eventually(() => expect(ids).toEqual([...taken, 'command 9']));
  // One that was carried out is still known, and takes up no room.
  expect(await publish('command 0')).toBe(false);
  expect((await manager.streams.info('COMMANDS')).state.bytes).toBe(0);
});

it('waits for its reader for as long as it takes', async () => {
  await applyTopology(bus);
  const { config } = await (await bus.manager()).streams.info('COMMANDS');
  expect(config).toMatchObject({ retention: 'workqueue', discard: 'new', max_age: 0 });
});

it('in a stream that another version made is read all the same, and the start says what to do', async () => {
  const manager = await bus.manager();
  await manager.streams.add({ name: 'COMMANDS', subjects: ['kin.cmd.>'], retention: 'limits', max_age: 3_600_000_000_000 });
  await publish('an old one');
  await expect(applyTopology(bus)).rejects.toThrow(/COMMANDS was made by another version.*nats stream rm COMMANDS/);
  const ids = await readAll();
  await eventually(() => expect(ids).toEqual(['an old one']));
  await manager.streams.delete('COMMANDS');
  await eventually(async () => expect((await manager.streams.info('COMMANDS')).config.retention).toBe('workqueue'));
  await eventually(() => publish('a new one'));
  await eventually(() => expect(ids).toEqual(['an old one', 'a new one']));
});
