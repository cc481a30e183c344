// Who reads the stream of events notices that the broker came back with other files than it had.
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Bus, EventPublisher, EventReader, applyTopology } from '@kintsugi/messaging';
import { createNatsServer, freePort, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';

let folder: TemporaryFolder;
let nats: ServerProcess;
let bus: Bus;
let sequences: number[];
let published = 0;

beforeEach(async () => {
  folder = createTemporaryFolder('event-reader');
  nats = createNatsServer({ port: await freePort(), folder: join(folder.path, 'nats') });
  await nats.start();
  bus = await Bus.connect({ servers: nats.url, name: 'test' });
  await applyTopology(bus);
  sequences = [];
}, 60_000);

afterEach(async () => {
  await bus.close();
  await nats.stop();
  await folder.remove();
});

async function publish(): Promise<void> {
  published += 1;
  const jobs = [{ job_id: 'job_1', status: 'running' as const, started_at: '2026-11-23T06:00:00.000Z' }];
  const event = { id: `evt_${published}`, source: '/test', subject: 'job_1', time: '2026-11-23T06:00:00.000Z' };
  await new EventPublisher(bus).publish({ ...event, name: 'job.started', data: { jobs } });
}

function open(): Promise<EventReader> {
  return EventReader.open(bus, 1, ({ sequence }) => sequences.push(sequence));
}

async function restarted(between: () => void = () => undefined): Promise<void> {
  const back = new Promise<void>((resolve) => {
    bus.onState((state) => {
      if (state === 'up') resolve();
    });
  });
  await nats.stop();
  between();
  await nats.start();
  await back;
}

it('an older state that has grown past the newer one is another stream', async () => {
  const files = join(folder.path, 'nats', 'jetstream');
  const older = join(folder.path, 'older');
  await publish();
  await restarted(() => cpSync(files, older, { recursive: true }));
  const reader = await open();
  for (const _ of [2, 3]) await publish();
  await eventually(() => expect(sequences).toEqual([1, 2, 3]));
  await restarted(() => {
    rmSync(files, { recursive: true });
    renameSync(older, files);
  });
  for (const _ of [2, 3, 4, 5]) await publish();
  // The reader goes on from where it was, in what is another stream by now.
  await eventually(() => expect(sequences.at(-1)).toBe(5));
  expect(await reader.hasLostItsStream()).toBe(true);
  await reader.close();
}, 60_000);

it('a broker that comes back with the files that it had has the same stream, also after more was read', async () => {
  await publish();
  const reader = await open();
  await eventually(() => expect(sequences).toEqual([1]));
  await restarted();
  await publish();
  await eventually(() => expect(sequences).toEqual([1, 2]));
  expect(await reader.hasLostItsStream()).toBe(false);
  expect(await reader.hasLostItsStream()).toBe(false);
  await reader.close();
}, 60_000);
