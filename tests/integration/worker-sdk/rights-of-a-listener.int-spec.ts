// A listener needs the rights at NATS that docs/nats.md names for it, and no others.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobReceipt } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { freePort, resolveBinary, spawnLeashed } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, startTestServers, type TemporaryFolder, type TestServers } from '@kintsugi/testing';
import { createEventListener } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

let servers: TestServers;
let folder: TemporaryFolder;
let nats: ChildProcess;
let port: number;
let service: JobServiceUnderTest;

/** The users of the server, as the documentation shows them. */
function documentedUsers(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/nats.md'), 'utf8');
  const [, users] = /```\n# A listener\n([\s\S]*?)```/.exec(text) ?? [];
  return users ?? '';
}

beforeAll(async () => {
  servers = await startTestServers();
  folder = createTemporaryFolder('rights');
  port = await freePort();
  const file = join(folder.path, 'nats.conf');
  const store = JSON.stringify(join(folder.path, 'jetstream'));
  writeFileSync(file, `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${store} }\n${documentedUsers()}`);
  nats = spawnLeashed(resolveBinary('nats-server').path, ['-c', file], { stdio: 'ignore' });
  service = await startJobService({ ...servers, natsUrl: `nats://kintsugi:change-me@127.0.0.1:${port}` });
});

afterAll(async () => {
  await service?.stop();
  nats?.kill('SIGKILL');
  if (nats && nats.exitCode === null && nats.signalCode === null) await once(nats, 'exit');
  await folder?.remove();
  await servers?.stop();
});

test('with them it is told of jobs, and its group cannot be another', async () => {
  const told: string[] = [];
  const said: string[] = [];
  const listenAs = (group: string) =>
    createEventListener({
      group,
      natsUrl: `nats://shop:change-me-too@127.0.0.1:${port}`,
      log: (line) => void said.push(line),
    }).on('job.created', ({ data }) => void told.push(data.job_id));
  const listener = await listenAs('shop').start();
  const other = await listenAs('bank').start();
  try {
    const manager = await service.bus.manager();
    await eventually(async () => expect(await manager.consumers.info('EVENTS', 'group-shop')).toBeDefined());
    await eventually(() => expect(said.join('\n')).toContain('Trouble with the events of bank'));
    const job = { product_id: 'p', sending_group_id: 'g', type: 'heard', tasks: [{ payload: null }] };
    const { job_id: jobId }: JobReceipt = await callAction(service.bus, 'createJob', job);
    await eventually(() => expect(told).toEqual([jobId]));
  } finally {
    await Promise.all([listener.stop(), other.stop()]);
  }
});
