// On a cluster the streams have the replicas that the settings say when they are made, and those that their operator gives them later.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { StreamName } from '@kintsugi/contracts';
import { Bus, applyTopology } from '@kintsugi/messaging';
import { freePort, resolveBinary, spawnLeashed } from '@kintsugi/servers';
import { createTemporaryFolder, eventually } from '@kintsugi/testing';

const folder = createTemporaryFolder();
const nodes: ChildProcess[] = [];
const buses: Bus[] = [];
let servers: string;

beforeAll(async () => {
  const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
  const [clients, routes] = [ports.slice(0, 3), ports.slice(3)];
  servers = clients.map((port) => `nats://127.0.0.1:${port}`).join(',');
  for (const [index, port] of clients.entries()) {
    const configuration = join(folder.path, `${index}.conf`);
    const lines = [
      `server_name: n${index}`,
      `listen: "127.0.0.1:${port}"`,
      `jetstream { store_dir: ${JSON.stringify(join(folder.path, String(index)))}, max_file_store: ${10 * 1024 ** 3} }`,
      `cluster { name: c, listen: "127.0.0.1:${routes[index]}", routes: [${routes.map((route) => `"nats://127.0.0.1:${route}"`).join(', ')}] }`,
    ];
    writeFileSync(configuration, lines.join('\n'));
    nodes.push(spawnLeashed(resolveBinary('nats-server').path, ['-c', configuration], { stdio: 'ignore' }));
  }
});

afterAll(async () => {
  await Promise.all(buses.map(({ connection }) => connection.close()));
  for (const node of nodes) {
    node.kill('SIGKILL');
    if (node.exitCode === null && node.signalCode === null) await once(node, 'exit');
  }
  await folder.remove();
});

async function connected(name: string, streamReplicas: number): Promise<Bus> {
  const bus = await Bus.connect({ servers, name, streamReplicas });
  buses.push(bus);
  return bus;
}

/** A cluster that is choosing its leaders answers nothing; what is asked of it here may be asked again. */
async function patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
  return eventually(ask);
}

async function replicasOf(name: StreamName, bus: Bus): Promise<number> {
  const { streams } = await bus.manager();
  return (await patiently(() => streams.info(name))).config.num_replicas;
}

it('and a start leaves them alone', async () => {
  const one = await connected('one', 1);
  await patiently(() => applyTopology(one));
  expect([await replicasOf('COMMANDS', one), await replicasOf('EVENTS', one)]).toEqual([1, 1]);
  const { streams } = await one.manager();
  await patiently(() => streams.update('COMMANDS', { num_replicas: 3 }));
  await patiently(() => applyTopology(one));
  expect([await replicasOf('COMMANDS', one), await replicasOf('EVENTS', one)]).toEqual([3, 1]);
  await patiently(() => streams.delete('EVENTS'));
  const three = await connected('three', 3);
  await patiently(() => applyTopology(three));
  expect(await replicasOf('EVENTS', one)).toBe(3);
});
