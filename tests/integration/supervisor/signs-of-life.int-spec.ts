import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMongoServer, createNatsServer, freePort } from '@kintsugi/servers';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { NodeProgram } from '../../../tools/supervisor/src/process/node-program.js';
import type { Runnable } from '../../../tools/supervisor/src/process/runnable.js';
import { environmentWith } from '../../command-line.js';

let folder: TemporaryFolder;
let runnable: Runnable | undefined;

beforeEach(() => {
  folder = createTemporaryFolder('signs');
});

afterEach(async () => {
  await runnable?.kill();
  await folder.remove();
});

/** Each process that is watched, alone: none of them needs another to give signs of life. */
const processes: Record<string, () => Promise<Runnable>> = {
  'nats-server': async () => createNatsServer({ port: await freePort(), folder: folder.path }),
  mongod: async () => createMongoServer({ port: await freePort(), folder: folder.path }),
  ...Object.fromEntries(
    ['job-service', 'recovery-service', 'metrics-service', 'gateway'].map((name) => [name, () => service(name)]),
  ),
};

async function service(name: string): Promise<Runnable> {
  const environment = environmentWith({
    KINTSUGI_LEASHED: '1',
    NATS_URL: 'nats://127.0.0.1:9',
    AUTH: 'off',
    API_HOST: '127.0.0.1',
  });
  return new NodeProgram({
    name,
    program: join(repository, 'apps', name, 'dist', 'main.js'),
    flags: [],
    folder: repository,
    logFile: join(folder.path, `${name}.log`),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, value ?? ''])),
    stopTimeoutMs: 5_000,
  });
}

describe('signs of life', () => {
  it.each(Object.keys(processes))('are given by %s, not while it stands still, and again once it goes on', async (name) => {
    runnable = await processes[name]!();
    let signs = 0;
    runnable.onSign(() => (signs += 1));
    await runnable.start();
    await moreSigns(() => signs);
    process.kill(runnable.pid!, 'SIGSTOP');
    try {
      // What was under way when it was stopped may still arrive, and nothing after that: another process ends its wait by it.
      const yardstick = await service('recovery-service');
      let others = 0;
      yardstick.onSign(() => (others += 1));
      await yardstick.start();
      await moreSigns(() => others);
      const before = signs;
      await moreSigns(() => others, 3);
      expect(signs).toBe(before);
      await yardstick.kill();
    } finally {
      process.kill(runnable.pid!, 'SIGCONT');
    }
    await moreSigns(() => signs);
  });
});

async function moreSigns(count: () => number, number = 1): Promise<void> {
  const before = count();
  await eventually(() => expect(count()).toBeGreaterThanOrEqual(before + number));
}
