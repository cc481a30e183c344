// Jobs of one key are held to its limits together, as their handlers see it, whatever is killed meanwhile.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { WorkHeader } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const head = { product_id: 'p', sending_group_id: 'g' };
let servers: TestServers;
let service: JobServiceUnderTest;
/** The connection of the workers, which outlives the service. */
let bus: Bus;
let workers: ScriptedWorker[];
let type: string;
/** Most tasks that ran at once, as counted whenever a worker got some. */
let most: number;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'workers' });
});

afterAll(async () => {
  await bus?.close();
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  type = `keyed.${uuidv7()}`;
  workers = [];
  most = 0;
});

afterEach(() => {
  for (const worker of workers) worker.stop();
});

function startWorker(): ScriptedWorker {
  const worker = new ScriptedWorker(bus, `worker-${uuidv7()}`, [type], { slots: 4 });
  workers.push(worker);
  const { slices } = worker;
  const push = slices.push.bind(slices);
  slices.push = (...given: WorkHeader[]) => {
    const length = push(...given);
    most = Math.max(most, running());
    return length;
  };
  return worker;
}

function running(): number {
  return workers.reduce((sum, { slices }) => sum + slices.reduce((of, { indexes }) => of + indexes.length, 0), 0);
}

/** Its process is gone, and nothing that it held runs any more. */
function kill(worker: ScriptedWorker): void {
  worker.stop();
  worker.slices.length = 0;
  workers.splice(workers.indexOf(worker), 1);
}

async function create(tasks: number, limits: object): Promise<string> {
  const job = { ...head, type, tasks: Array(tasks).fill({}), ...limits };
  return (await callAction(service.bus, 'createJob', job as never)).job_id;
}

async function statusesOf(jobs: readonly string[]): Promise<Set<string>> {
  return new Set(await Promise.all(jobs.map(async (job_id) => (await callAction(service.bus, 'getJob', { job_id })).status)));
}

/** Ends what runs, task by task, until so many more have ended. */
async function work(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    const [worker, slice] = await eventually(() => {
      const busy = workers.find(({ slices }) => slices.length > 0);
      expect(busy).toBeDefined();
      return [busy as ScriptedWorker, busy?.slices[0] as WorkHeader] as const;
    });
    await worker.succeed({ ...slice, indexes: slice.indexes.slice(0, 1) });
  }
}

it('lets no more tasks of many jobs run at once than the limit, through the loss of a worker and a restart', async () => {
  const doomed = startWorker();
  startWorker();
  const concurrency = { key: type, limit: 3 };
  const jobs = await Promise.all(Array.from({ length: 20 }, (_, index) => create(1 + (index % 3), { concurrency })));
  await eventually(() => expect(running()).toBe(3));
  const waiting = await eventually(async () => {
    const waits = await Promise.all(jobs.map((job_id) => callAction(service.bus, 'explainJob', { job_id })));
    const found = waits.flatMap(({ waiting: of }) => of).find(({ reason }) => reason === 'CONCURRENCY_KEY');
    expect(found).toBeDefined();
    return found;
  });
  expect(waiting).toMatchObject({ holder: expect.stringContaining('job_'), what: expect.stringContaining(type) });
  await work(8);
  kill(doomed);
  startWorker();
  await work(8);
  await service.stop();
  service = await startJobService(servers);
  const left = (): Promise<void> => work(1);
  while (![...(await statusesOf(jobs))].every((status) => status === 'completed')) {
    if (running() > 0) await left();
    else await eventually(async () => expect(running() > 0 || (await statusesOf(jobs)).size === 1).toBe(true));
  }
  expect(most).toBe(3);
});

it('lets tasks begin at a rate, says when the next one may, and gives nothing for a restart', async () => {
  startWorker();
  const slow = await create(2, { rate_limit: { key: type, per_second: 0.001, burst: 10 } });
  const explained = await eventually(async () => {
    const { waiting } = await callAction(service.bus, 'explainJob', { job_id: slow });
    expect(waiting[0]?.reason).toBe('RATE_LIMIT');
    return waiting[0];
  });
  expect(explained?.eta_s).toBeGreaterThan(0);
  await service.stop();
  service = await startJobService(servers);
  const quick = await Promise.all([1, 2, 3].map(() => create(4, { rate_limit: { key: `quick ${type}`, per_second: 200 } })));
  await work(12);
  await eventually(async () => expect(await statusesOf(quick)).toEqual(new Set(['completed'])));
  expect(await statusesOf([slow])).toEqual(new Set(['pending']));
});

it.each([
  [{ concurrency: { key: 'k', limit: 0 } }, 'data.concurrency.limit'],
  [{ concurrency: { limit: 1 } }, 'data.concurrency.key'],
  [{ rate_limit: { key: 'k', per_second: 0 } }, 'data.rate_limit.per_second'],
  [{ rate_limit: { key: 'k', per_second: 1 }, executor: 'external', tasks: undefined }, 'data.rate_limit'],
])('refuses %p with what is allowed', async (limits, path) => {
  await expect(create(1, limits)).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    extras: { errors: [expect.objectContaining({ path, allowed: expect.any(String) })] },
  });
});
