// However large what jobs carry, no message between processes is larger than a nats-server takes by default, or a task waits for ever.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { limits, natsActor, subjects, type JobReceipt, type LeaseOutcome, type WorkHeader } from '@kintsugi/contracts';
import { CommandPublisher, EventReader, callAction } from '@kintsugi/messaging';
import { createNatsServer, type ServerProcess } from '@kintsugi/servers';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const order = { product_id: 'p', sending_group_id: 'g', type: 'send' };
const tasksOf = (count: number) => Array.from({ length: count }, (_, index) => ({ payload: index }));

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;
let told: { name: string | null; data: Record<string, { job_id: string; task_id: string }[]> }[];
let reader: EventReader;

async function start(payloadBytesMax: number): Promise<void> {
  servers = await startTestServers({ payloadBytesMax });
  service = await startJobService(servers);
  worker = new ScriptedWorker(service.bus, 'worker', ['send']);
  told = [];
  reader = await EventReader.open(service.bus, 1, ({ name, data }) => {
    told.push({ name, data: JSON.parse(Buffer.from(data).toString()) as (typeof told)[number]['data'] });
  });
}

async function stop(): Promise<void> {
  worker.stop();
  await reader.close();
  await service.stop();
  await servers.stop();
}

/** Tasks of the queue run fast: they travel in the largest slices there are. */
async function quicken(): Promise<void> {
  await callAction(service.bus, 'createJob', { ...order, tasks: tasksOf(1) });
  await eventually(async () => expect(worker.slices).toHaveLength(1));
  await report(worker.slices[0] as WorkHeader, []);
}

/** Reports a slice: these indexes as failed, all others as done. */
async function report({ chunk_id, fence, indexes }: WorkHeader, failed: number[], message = ''): Promise<void> {
  const done = indexes.filter((index) => !failed.includes(index));
  const lease: LeaseOutcome = {
    ...{ chunk_id, fence, base_ms: Date.now(), done, returned: [] },
    started: done.map(() => 0),
    took_us: done.map(() => 10),
    failed: failed.map((index) => ({
      index,
      started: 0,
      took_us: 10,
      error_type: 'x',
      error_message: message,
      stack_trace: message,
    })),
  };
  const at = worker.slices.findIndex((slice) => slice.chunk_id === chunk_id && slice.fence === fence);
  if (at >= 0) worker.slices.splice(at, 1);
  const body = JSON.stringify({ v: 1, worker_id: worker.id, leases: [lease] });
  await service.bus.ask(subjects.outcomes, body, { timeoutMs: 60_000 });
}

function tellingsOf(name: string): { job_id: string; task_id: string }[] {
  return told.filter((event) => event.name === name).flatMap(({ data }) => Object.values(data).flat());
}

describe('through a nats-server that takes 1 MiB', () => {
  beforeEach(() => start(limits.messageBytes));
  afterEach(stop);

  it('256 tasks of one group are requeued with 8 KiB of params each', async () => {
    await quicken();
    await callAction(service.bus, 'createJob', { ...order, tasks: tasksOf(256) });
    await eventually(async () => expect(worker.slices.flatMap(({ indexes }) => indexes)).toHaveLength(256));
    const [{ chunk_id: chunkId }] = worker.slices as [WorkHeader];
    for (const slice of [...worker.slices]) await report(slice, slice.indexes);
    const params = { note: '漢'.repeat(2_700) };
    const tasks = tasksOf(256).map(({ payload }) => ({ task_id: `task_${chunkId}.${payload}`, attempt: 1 }));
    await new CommandPublisher(service.bus).publish({
      id: 'requeue',
      name: 'requeueTasks',
      data: { tasks, params },
      actor: natsActor,
    });
    await eventually(async () => expect(new Set(worker.slices.flatMap(({ indexes }) => indexes)).size).toBe(256));
    for (const slice of worker.slices) {
      expect(slice.params).toEqual(Object.fromEntries(slice.indexes.map((index) => [index, params])));
    }
    expect(service.faults).toEqual([]);
  });

  it('256 jobs with 4 KiB of labels that come at once are all told of', async () => {
    const labels = Object.fromEntries(Array.from({ length: 16 }, (_, label) => [`label-${label}`, 'x'.repeat(250)]));
    const receipts = await Promise.all(
      Array.from({ length: 256 }, () => callAction(service.bus, 'createJob', { ...order, labels, tasks: tasksOf(1) })),
    );
    const ids = receipts.map(({ job_id }: JobReceipt) => job_id).sort();
    await eventually(async () =>
      expect(
        tellingsOf('job.created')
          .map(({ job_id }) => job_id)
          .sort(),
      ).toEqual(ids),
    );
    expect(service.faults).toEqual([]);
  });

  it('256 failures with messages and stacks as long as may be are told, and told again to who lost them', async () => {
    await quicken();
    await callAction(service.bus, 'createJob', { ...order, tasks: tasksOf(256) });
    await eventually(async () => expect(worker.slices.flatMap(({ indexes }) => indexes)).toHaveLength(256));
    for (const slice of [...worker.slices]) {
      for (let from = 0; from < slice.indexes.length; from += 32) {
        const indexes = slice.indexes.slice(from, from + 32);
        await report({ ...slice, indexes }, indexes, '漢'.repeat(limits.errorMessageLength));
      }
    }
    await eventually(async () => expect(tellingsOf('task.failed')).toHaveLength(256));
    await service.parts.reconciler['tellUndecided'](Date.now() + 1);
    await eventually(async () => expect(tellingsOf('task.failed')).toHaveLength(512));
    expect(new Set(tellingsOf('task.failed').map(({ task_id }) => task_id)).size).toBe(256);
    expect(service.faults).toEqual([]);
  });
});

describe('through a nats-server that has been restarted to take less than a task is large', () => {
  const bytes = 100_000;

  let smaller: ServerProcess;

  beforeAll(async () => {
    await start(limits.messageBytes);
    await servers.nats.stop();
    const port = Number(new URL(servers.natsUrl).port);
    smaller = createNatsServer({ port, folder: join(servers.folder, 'nats'), payloadBytesMax: bytes });
    await smaller.start();
    await eventually(() => expect(service.serviceBus).toMatchObject({ state: 'up', messageBytesMax: bytes }));
  });

  afterAll(async () => {
    await stop();
    await smaller.stop();
  });

  it('the task fails and says why, in place of being held for ever, and others run', async () => {
    const job = { ...order, priority: 5, safety: 'idempotent' as const, labels: {} };
    const tooLarge = { head: job, lines: [JSON.stringify({ payload: 'x'.repeat(bytes) })], tasksDigest: '' };
    const { job_id } = await service.parts.acceptJob.create(tooLarge, { userId: 'u', tenant: 'default', by: natsActor });
    await eventually(async () => {
      const { items } = await service.parts.listTasks.execute({ job_id, limit: 1 });
      expect(items).toMatchObject([{ state: 'failed', error: { error_type: 'task.undeliverable' } }]);
    });
    await eventually(async () => expect(tellingsOf('task.failed')).toMatchObject([{ job_id }]));
    expect(service.parts.roster.get('worker')?.held).toBe(0);
    await quicken();
    expect(service.faults).toEqual([]);
  });

  it('a service does not start, and says what to set', async () => {
    const child = spawn(process.execPath, [bundleOf('job-service')], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NATS_URL: servers.natsUrl,
        MONGO_URL: servers.mongoUrl,
        OPS_PORT: '0',
        KINTSUGI_LEASHED: '1',
      },
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const said = await text(child.stderr);
    expect(await exited).toBe(78);
    expect(said).toContain(`takes messages of ${bytes} bytes at most`);
    expect(said).toContain(`max_payload: ${limits.messageBytes}`);
  });
});
