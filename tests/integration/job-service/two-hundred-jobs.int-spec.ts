// 200 jobs at once with mixed priorities, keys and limits: at no instant does more of them run than any limit allows, as handlers see it.
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Bus, callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type Worker } from '@kintsugi/worker-sdk';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const jobs = 200;
const type = 'mixed';
/** Of the two workers, which hold twelve tasks at once. */
const memoryMb = 1_000;
const slots = 6;

interface Mixed {
  job: string;
  key: string | null;
  limit: number;
  parallel: number;
  memory: number;
}

let servers: TestServers;
let service: JobServiceUnderTest;
let bus: Bus;
let workers: Worker[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
});

afterAll(async () => {
  await bus?.close();
  await service?.stop();
  await servers?.stop();
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});

/** What runs at one moment, and what of it was ever too much. */
class Running {
  readonly broken = new Set<string>();
  /** Kinds of limits of more than one that were reached. */
  readonly reached = new Set<string>();
  ran = 0;
  private readonly now = new Map<string, number>();

  begin(worker: string, mixed: Mixed): void {
    this.ran += 1;
    this.change(worker, mixed, 1);
  }

  end(worker: string, mixed: Mixed): void {
    this.change(worker, mixed, -1);
  }

  private change(worker: string, { job, key, limit, parallel, memory }: Mixed, by: 1 | -1): void {
    this.add(`slots ${worker}`, by, slots);
    this.add(`memory ${worker}`, by * memory, memoryMb);
    this.add(`job ${job}`, by, parallel);
    if (key !== null) this.add(`key ${key}`, by, limit);
  }

  private add(what: string, amount: number, most: number): void {
    const sum = (this.now.get(what) ?? 0) + amount;
    this.now.set(what, sum);
    if (sum === most && most > 1) this.reached.add(what.slice(0, what.indexOf(' ')));
    if (sum > most) this.broken.add(`${what}: ${sum} of ${most}`);
  }
}

function jobOf(n: number): { given: object; tasks: number } {
  const tasks = 1 + (n % 6);
  const key = n % 3 === 0 ? null : `key-${n % 4}`;
  const mixed: Mixed = { job: `job-${n}`, key, limit: 2 + (n % 2), parallel: 1 + (n % 3), memory: n % 5 === 0 ? 400 : 0 };
  const given = {
    ...{ product_id: 'p', sending_group_id: 'g', user_id: `user-${n % 7}`, type, priority: n % 10 },
    max_parallel_tasks: mixed.parallel,
    ...(key === null ? {} : { concurrency: { key, limit: mixed.limit } }),
    ...(n % 11 === 0 ? { rate_limit: { key: 'rate', per_second: 200, burst: 4 } } : {}),
    ...(mixed.memory === 0 ? {} : { resource_limits: { max_memory: mixed.memory, max_cpu: 0.01 } }),
    tasks: Array(tasks).fill({ payload: mixed }),
  };
  return { given, tasks };
}

it('no limit of a job, a key or a worker is exceeded at any instant, through a restart, and all of them end', async () => {
  const made = Array.from({ length: jobs }, (_, n) => jobOf(n));
  const total = made.reduce((sum, { tasks }) => sum + tasks, 0);
  const running = new Running();
  const restarted = Promise.withResolvers<void>();
  for (const name of ['one', 'other']) {
    const worker = createWorker({ natsUrl: servers.natsUrl, log: false, slots, memoryMb, cpus: 8 });
    worker.handle<Mixed>(type, async ({ task }) => {
      running.begin(name, task.payload);
      // Those that begin before the restart go on after it, so that the limits are full and much waits.
      if (running.ran > total / 4) await restarted.promise;
      for (let turn = 0; turn < 20 + (running.ran % 50); turn += 1) await new Promise(setImmediate);
      running.end(name, task.payload);
    });
    workers.push(worker);
    await worker.start();
  }
  const ids = await Promise.all(
    made.map(async ({ given }) => (await callAction(bus, 'createJob', { idempotency_key: uuidv7(), ...given } as never)).job_id),
  );
  await eventually(() => expect(running.ran).toBeGreaterThan(total / 4));
  expect(running.ran).toBeLessThan(total);
  await service.stop();
  service = await startJobService(servers);
  restarted.resolve();
  await eventually(async () => {
    const statuses = await Promise.all(ids.map(async (job_id) => (await callAction(bus, 'getJob', { job_id })).status));
    expect(statuses).toEqual(Array(jobs).fill('completed'));
  });
  expect([...running.broken]).toEqual([]);
  expect([...running.reached].sort()).toEqual(['job', 'key', 'slots']);
  expect(running.ran).toBeGreaterThanOrEqual(total);
});
