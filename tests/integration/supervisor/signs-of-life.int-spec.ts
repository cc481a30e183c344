import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMongoServer, createNatsServer, freePort } from '@kintsugi/servers';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { NodeProgram } from '../../../tools/supervisor/src/process/node-program.js';
import type { Runnable } from '../../../tools/supervisor/src/process/runnable.js';
import { environmentWith } from '../../command-line.js';

let folder: TemporaryFolder;
const started: Runnable[] = [];

beforeAll(() => {
  folder = createTemporaryFolder('signs');
});

afterAll(async () => {
  await Promise.all(started.map((runnable) => runnable.kill()));
  await folder.remove();
});

/** Each process that is watched, alone: none of them needs another to give signs of life. */
const services = ['job-service', 'recovery-service', 'metrics-service', 'gateway'];
const processes: Record<string, () => Promise<Runnable>> = {
  'nats-server': async () => createNatsServer({ port: await freePort(), folder: join(folder.path, 'nats') }),
  mongod: async () => createMongoServer({ port: await freePort(), folder: join(folder.path, 'mongo') }),
  ...Object.fromEntries(services.map((name) => [name, () => service(name, name)])),
};

async function service(name: string, log: string): Promise<Runnable> {
  const environment = environmentWith({
    KINTSUGI_LEASHED: '1',
    NATS_URL: 'nats://127.0.0.1:9',
    AUTH: 'off',
    API_HOST: '127.0.0.1',
  });
  return new NodeProgram({
    name,
    program: join(repository, bundleOf(name)),
    flags: [],
    folder: repository,
    logFile: join(folder.path, `${log}.log`),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, value ?? ''])),
    stopTimeoutMs: 5_000,
  });
}

/** Starts it; the result counts its signs. */
async function signsOf(runnable: Runnable): Promise<() => number> {
  started.push(runnable);
  let signs = 0;
  runnable.onSign(() => (signs += 1));
  await runnable.start();
  return () => signs;
}

describe('signs of life', () => {
  // All at once: each waits most of the time.
  it(`are given by ${Object.keys(processes).join(', ')}, by none that stands still, and again once it goes on`, async () => {
    // A process that nobody stops: the time between its signs is the time in which another could have given one.
    const yardstick = await signsOf(await service('recovery-service', 'yardstick'));
    const whileStopped = await Promise.all(
      Object.entries(processes).map(async ([name, create]) => [name, await signsWhileStopped(await create(), yardstick)]),
    );
    expect(whileStopped).toEqual(Object.keys(processes).map((name) => [name, 0]));
  });
});

/** Ends without a result for a process that gives no sign before, or none afterwards. */
async function signsWhileStopped(runnable: Runnable, yardstick: () => number): Promise<number> {
  const signs = await signsOf(runnable);
  await moreSigns(signs);
  process.kill(runnable.pid!, 'SIGSTOP');
  try {
    // What was under way when it was stopped may still arrive, and nothing after that.
    await moreSigns(yardstick);
    const before = signs();
    await moreSigns(yardstick, 3);
    return signs() - before;
  } finally {
    process.kill(runnable.pid!, 'SIGCONT');
    await moreSigns(signs);
  }
}

async function moreSigns(count: () => number, number = 1): Promise<void> {
  const before = count();
  await eventually(() => expect(count()).toBeGreaterThanOrEqual(before + number));
}
