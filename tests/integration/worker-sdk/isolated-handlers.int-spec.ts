// A handler in a process of its own: its context works, its end is told, it is held to its limits, and nothing of it is left.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { defineJob, type JobReceipt, type TaskPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import {
  createTemporaryFolder,
  eventually,
  isRunning,
  startTestServers,
  type TemporaryFolder,
  type TestServers,
} from '@kintsugi/testing';
import { createWorker, type Worker } from '@kintsugi/worker-sdk';
import { build, stop } from 'esbuild';
import { z } from 'zod';
import { nodeRelease } from '../../node-release.js';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';
import { WorkerProgram } from './worker-program.js';

const handler = join(import.meta.dirname, 'programs', 'isolated-handler.mjs');
const deed = defineJob({ type: 'isolated', payload: z.object({ do: z.string() }).loose(), result: z.unknown() });

let folder: TemporaryFolder;
let servers: TestServers;
let service: JobServiceUnderTest;
let worker: Worker;
let program: WorkerProgram | null = null;
let files = 0;

beforeAll(async () => {
  folder = createTemporaryFolder('isolated');
  servers = await startTestServers();
  service = await startJobService(servers);
  worker = createWorker({ natsUrl: servers.natsUrl, log: false, slots: 2, cpus: 4, memoryMb: 4_096 });
  worker.handle(deed, pathToFileURL(handler), { isolate: true });
  await worker.start();
});

afterEach(() => {
  program?.kill();
  program = null;
});

afterAll(async () => {
  await stop();
  await worker?.stop();
  await service?.stop();
  await servers?.stop();
  await folder?.remove();
});

const head = { product_id: 'p', sending_group_id: 'g' };

async function submit(payload: { do: string; [key: string]: unknown }, job: object = {}): Promise<string> {
  const asked = { ...head, type: 'isolated', tasks: [{ payload }], ...job };
  const { job_id: jobId }: JobReceipt = await callAction(service.bus, 'createJob', asked);
  return jobId;
}

async function ended(jobId: string): Promise<TaskPage['items'][number]> {
  return eventually(async () => {
    const [task] = (await callAction(service.bus, 'listTasks', { job_id: jobId })).items;
    expect(task?.state).toMatch(/succeeded|failed|cancelled/);
    return task as TaskPage['items'][number];
  });
}

/** What a task writes once it runs: the pids of its process and of what that has started. */
async function written(file: string): Promise<number[]> {
  return eventually(() => {
    const pids = readFileSync(file, 'utf8').split(' ').map(Number);
    expect(pids.every((pid) => pid > 0)).toBe(true);
    return pids;
  });
}

const nextFile = (): string => join(folder.path, `file-${(files += 1)}`);

const gone = (pids: number[]): Promise<void> => eventually(() => expect(pids.filter(isRunning)).toEqual([]));

test('its context works: steps, children, logs without secrets, and what the task may use', async () => {
  const task = await ended(await submit({ do: 'greet', child: head }, { resource_limits: { max_memory: 512, max_cpu: 1 } }));
  expect(task).toMatchObject({ state: 'succeeded', attempts: 1, has_steps: true });
  expect(task.result).toMatchObject({
    ...{ attempt: 1, run_key: task.id, reserved: { reserved: true }, seen: [], resource_limits: { max_memory: 512, max_cpu: 1 } },
    again: { type: 'step.name_repeated', name: 'NonRetryable' },
    refused: expect.stringContaining('A task does not fit the job isolated.child'),
    child: expect.stringMatching(/^job_/),
  });
  expect((task.result as { pid: number }).pid).not.toBe(process.pid);
  expect(task.logs ?? []).toEqual(['the word is …']);
});

test('tasks one after the other share a process', async () => {
  const first = await ended(await submit({ do: 'pid' }));
  const second = await ended(await submit({ do: 'pid' }));
  expect(second.result).toBe(first.result);
});

test('a process whose children hold more than half of what a task may use is not given it', async () => {
  const first = await ended(await submit({ do: 'keep', mib: 200 }));
  const second = await ended(await submit({ do: 'pid' }, { resource_limits: { max_memory: 400, max_cpu: 1 } }));
  expect(second).toMatchObject({ state: 'succeeded', attempts: 1 });
  expect(second.result).not.toBe(first.result);
});

test('however often it tells how far it is, one message at a time says so', async () => {
  const task = await ended(await submit({ do: 'tellMuch', times: 100_000 }));
  expect(task.result).toEqual({ sent: 3 });
});

test('lines that are left out are told in the log of their own task', async () => {
  const first = await ended(await submit({ do: 'tooLong', size: 2 * 1024 * 1024 }));
  const second = await ended(await submit({ do: 'greet', child: head }));
  expect(first.logs).toEqual([expect.stringContaining('1 lines are missing here')]);
  expect(second.logs).toEqual(['the word is …']);
});

test('a job that it makes may be large', async () => {
  const task = await ended(await submit({ do: 'submitPlain', child: head, size: 100 * 1024 }));
  expect(task).toMatchObject({ state: 'succeeded', result: expect.stringMatching(/^job_/) });
});

test('what its task waits for is read from there', async () => {
  const child = { product_id: 'p', sending_group_id: 'g' };
  const tasks = [
    { id: 'a', payload: { do: 'pid' } },
    { id: 'b', payload: { do: 'greet', child }, depends_on: ['a'] },
  ];
  const jobId = await submit({ do: 'pid' }, { tasks });
  await eventually(async () => {
    const { items } = await callAction(service.bus, 'listTasks', { job_id: jobId });
    expect(items[1]?.result).toMatchObject({ seen: [items[0]?.id] });
  });
});

describe('its end is told, and only its own task fails', () => {
  test.each([
    ['an exit', { do: 'exit', code: 3 }, 'process.exit.3', /ended with exit code 3/],
    ['an exit that says nothing', { do: 'exit', code: 0 }, 'process.exit.0', /ended with exit code 0/],
    ['a signal', { do: 'signal' }, 'process.signal.SIGSEGV', /SIGSEGV ended the process/],
    ['an error that nobody catches', { do: 'uncaught' }, 'process.exit.1', /exit code 1: nobody catches this/],
    ['an error that it throws', { do: 'throw' }, 'net.reset', /the line was cut: inner/],
  ])('%s', async (_, payload, error_type, message) => {
    const other = await submit({ do: 'pid' });
    const task = await ended(await submit(payload));
    expect(task.error).toMatchObject({ error_type, error_message: expect.stringMatching(message) });
    expect(await ended(other)).toMatchObject({ state: 'succeeded' });
    expect(await ended(await submit({ do: 'pid' }))).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  test('a result that is no JSON is told as that of any handler', async () => {
    const task = await ended(await submit({ do: 'circle' }));
    expect(task).toMatchObject({ state: 'failed', error: { error_type: 'error.TypeError' } });
  });
});

test.each([
  ['is no JSON', 0],
  ['is more than is kept', 300 * 1024],
])('a failure for good stays one where its result %s', async (_, size) => {
  const task = await ended(await submit({ do: 'never', size }));
  expect(task).toMatchObject({ attempts: 1, error: { error_type: 'isolated.never' } });
  expect(task.result).toEqual({ result_dropped: expect.any(String) });
});

describe('it is held to what its task may use', () => {
  test('memory', async () => {
    const task = await ended(await submit({ do: 'grow' }, { resource_limits: { max_memory: 200, max_cpu: 2 } }));
    expect(task.error).toMatchObject({ error_type: 'resource.memory', error_message: expect.stringContaining('max_memory') });
  });

  test('cores, also while it blocks', async () => {
    const task = await ended(await submit({ do: 'burn' }, { resource_limits: { max_memory: 500, max_cpu: 0.2 } }));
    expect(task.error).toMatchObject({ error_type: 'resource.cpu', error_message: expect.stringContaining('max_cpu') });
  });
});

describe('nothing is left of it', () => {
  test('when its job is cancelled and it listens to its signal', async () => {
    const file = nextFile();
    const jobId = await submit({ do: 'wait', file });
    const pids = await written(file);
    await callAction(service.bus, 'cancelJob', { job_id: jobId });
    expect(await ended(jobId)).toMatchObject({ state: 'cancelled' });
    await gone(pids);
  });

  test('when its time is over, it blocks, listens to nothing and has started others', async () => {
    const file = nextFile();
    const jobId = await submit({ do: 'block', file }, { timeout_s: 1 });
    const pids = await written(file);
    expect(await ended(jobId)).toMatchObject({ state: 'failed', error: { error_type: 'task.timeout' } });
    await gone(pids);
  });

  test('when its worker is killed while it blocks', async () => {
    const file = nextFile();
    program = WorkerProgram.start(join(import.meta.dirname, 'programs', 'isolating-worker.mjs'), {
      environment: { NATS_URL: servers.natsUrl },
      args: [handler, 'isolated.killed'],
    });
    await submit({ do: 'block', file }, { type: 'isolated.killed' });
    const pids = await written(file);
    program.kill();
    await gone(pids);
  });

  test('when its worker stops', async () => {
    const other = createWorker({ natsUrl: servers.natsUrl, log: false, slots: 1, drainTimeoutMs: 1 });
    other.handle('isolated.stop', handler, { isolate: true });
    await other.start();
    const file = nextFile();
    await submit({ do: 'block', file }, { type: 'isolated.stop' });
    const pids = await written(file);
    await other.stop();
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

test('what its worker has preloaded may be large', async () => {
  const preload = join(folder.path, 'preload.cjs');
  writeFileSync(preload, 'globalThis.kept = Array.from({ length: 400_000 }, (_, at) => ({ at, text: "number " + at }));');
  program = WorkerProgram.start(join(import.meta.dirname, 'programs', 'isolating-worker.mjs'), {
    environment: { NATS_URL: servers.natsUrl, NODE_OPTIONS: `--require=${preload}` },
    args: [handler, 'isolated.preloaded'],
  });
  const task = await ended(await submit({ do: 'greet', child: head }, { type: 'isolated.preloaded' }));
  expect(task).toMatchObject({ state: 'succeeded', attempts: 1 });
});

test('a module that has no handler fails its task with the reason', async () => {
  const file = join(folder.path, 'no-handler.mjs');
  writeFileSync(file, 'export const handler = 1;');
  const other = createWorker({ natsUrl: servers.natsUrl, log: false, slots: 1 });
  await other.handle('isolated.none', file, { isolate: true }).start();
  const task = await ended(await submit({ do: 'pid' }, { type: 'isolated.none' }));
  expect(task.error).toMatchObject({ error_type: 'process.not_started', error_message: expect.stringContaining('no handler') });
  await other.stop();
});

test.each([
  ['20.20.2', 'esm'],
  ['22.23.3', 'cjs'],
] as const)('bundled, on Node.js %s, as %s', async (version, format) => {
  const release = await nodeRelease(version);
  if (release.missing !== undefined) throw new Error(release.missing);
  const extension = format === 'esm' ? 'mjs' : 'cjs';
  const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [join(import.meta.dirname, 'programs', 'isolating-worker.mjs'), handler],
    ...{ outdir: join(folder.path, format), outExtension: { '.js': `.${extension}` }, format, minify: true },
    ...{ bundle: true, platform: 'node', logLevel: 'error', banner: format === 'esm' ? { js: require } : {} },
  });
  const type = `isolated.${format}`;
  program = WorkerProgram.start(join(folder.path, format, `isolating-worker.${extension}`), {
    environment: { NATS_URL: servers.natsUrl },
    args: [join(folder.path, format, `isolated-handler.${extension}`), type],
    program: release.program,
  });
  expect(await program.tells('started')).toEqual({ started: `v${version}` });
  const task = await ended(await submit({ do: 'greet', child: head }, { type }));
  expect(task).toMatchObject({ state: 'succeeded', result: { reserved: { reserved: true } } });
  program.process.kill('SIGTERM');
  expect(await program.ended).toEqual([null, 'SIGTERM']);
  await gone([(task.result as { pid: number }).pid]);
});
