// Workers never end their host's process by themselves, and a signal that ends it lets the tasks of all of them end.
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { subjects, type JobReceipt, type TaskPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';
import { WorkerProgram } from './worker-program.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let program: WorkerProgram;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

afterEach(() => program?.kill());

/** Two workers in a process, of which one has a task under way. */
async function startTwo(handleSignals: 'yes' | 'no', environment: Record<string, string> = {}) {
  program = WorkerProgram.start(join(import.meta.dirname, 'programs', 'two-workers.mjs'), {
    environment: { NATS_URL: servers.natsUrl, ...environment },
    args: [handleSignals],
  });
  const { idle, busy, listeners } = await program.tells('busy');
  const tasks = [{ payload: null }];
  const job = { product_id: 'p', sending_group_id: 'g', type: 'two.busy', safety: 'unsafe' as const, tasks };
  const receipt: JobReceipt = await callAction(service.bus, 'createJob', job);
  await program.tells('running');
  return { ...receipt, idle: String(idle), busy: String(busy), listeners };
}

/** Waits until a worker is no longer connected. */
async function isGone(workerId: string): Promise<void> {
  await eventually(async () => expect(await service.bus.hasListener(subjects.control(workerId), 1_000)).toBe(false));
}

async function expectFinished(jobId: string): Promise<void> {
  await eventually(async () => {
    const { items }: TaskPage = await callAction(service.bus, 'listTasks', { job_id: jobId });
    expect(items).toMatchObject([{ state: 'succeeded', attempts: 1, result: { finished: true } }]);
  });
}

describe('with handleSignals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends the process once the tasks of all its workers have ended',
    async (signal) => {
      const { job_id: jobId, idle } = await startTwo('yes');
      program.process.kill(signal);
      program.process.kill(signal);
      await isGone(idle);
      program.process.kill('SIGUSR2');
      expect(await program.ended).toEqual([null, signal]);
      await expectFinished(jobId);
    },
  );

  test('nothing listens to signals any more once all workers are stopped', async () => {
    const { listeners } = await startTwo('yes');
    expect(listeners).toEqual([1, 1]);
    program.process.kill('SIGUSR2');
    program.process.kill('SIGUSR1');
    expect(await program.tells('stopped')).toMatchObject({ listeners: [0, 0] });
  });
});

describe('without handleSignals', () => {
  test('workers listen to no signal, and the process goes on once they are stopped', async () => {
    const { job_id: jobId, listeners, idle, busy } = await startTwo('no');
    expect(listeners).toEqual([0, 0]);
    program.process.kill('SIGUSR1');
    await isGone(idle);
    program.process.kill('SIGUSR2');
    expect(await program.tells('stopped')).toMatchObject({ listeners: [0, 0] });
    await expectFinished(jobId);
    await isGone(busy);
    expect(program.process.exitCode).toBe(null);
  });

  test('a process whose supervisor is gone ends once the tasks of all its workers have ended', async () => {
    const { job_id: jobId, idle } = await startTwo('no', { KINTSUGI_LEASHED: '1' });
    program.process.stdin?.end();
    await isGone(idle);
    program.process.kill('SIGUSR2');
    expect(await program.ended).toEqual([null, 'SIGTERM']);
    await expectFinished(jobId);
  });
});
