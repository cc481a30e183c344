// Jobs that cannot end as things stand are told of once, with what is missing or the circle, and once more when that is over.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import {
  subjects,
  type EventData,
  type JobExplanation,
  type JobReceipt,
  type JobWedge,
  type WedgeMark,
} from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type TaskContext, type Worker, type WorkerOptions } from '@kintsugi/worker-sdk';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const head = { product_id: 'p', sending_group_id: 'g' };
const settings = { WEDGED_AFTER_MS: '600' };

let servers: TestServers;
let service: JobServiceUnderTest;
/** A connection that outlives the service. */
let bus: Bus;
let workers: Worker[] = [];
let type: string;
/** What the events have said: the name, and what of a job. */
let told: [name: string, job: JobWedge][] = [];
/** Lets handlers that wait for their children go on. */
let giveUp: () => void;
let isGivenUp: Promise<void>;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers, settings);
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  for (const name of ['job.wedged', 'job.unwedged'] as const) {
    bus.subscribe(subjects.event(name), (message) => {
      for (const job of message.json<EventData<'job.wedged'>>().jobs) told.push([name, job]);
    });
  }
});

afterAll(async () => {
  await bus?.close();
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  type = `trial.${uuidv7()}`;
  told = [];
  isGivenUp = new Promise((resolve) => (giveUp = resolve));
});

afterEach(async () => {
  giveUp();
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});

async function startWorker(
  options: Partial<WorkerOptions> = {},
  handle: (context: TaskContext) => unknown = () => null,
): Promise<void> {
  const worker = createWorker({ natsUrl: servers.natsUrl, log: false, ...options }).handle(type, handle);
  workers.push(worker);
  await worker.start();
}

async function create(given: object = {}): Promise<string> {
  return (await callAction(bus, 'createJob', { ...head, type, tasks: [{}], ...given })).job_id;
}

function explain(jobId: string): Promise<JobExplanation> {
  return callAction(bus, 'explainJob', { job_id: jobId });
}

function statusOf(jobId: string): Promise<string> {
  return callAction(bus, 'getJob', { job_id: jobId }).then(({ status }) => status);
}

function wedgedOf(jobId: string): Promise<WedgeMark | undefined> {
  return callAction(bus, 'getJob', { job_id: jobId }).then(({ wedged }) => wedged);
}

/** The events that told of a job, once there are so many. */
async function eventsOf(jobId: string, count: number): Promise<[string, JobWedge][]> {
  return eventually(() => {
    const found = told.filter(([, { job_id: id }]) => id === jobId);
    expect(found).toHaveLength(count);
    return found;
  });
}

/** A handler makes one job and waits for it, as no handler should: it holds its slot and its key. */
function waitForChild(child: object, made: (receipt: JobReceipt) => void): (context: TaskContext) => Promise<void> {
  return async ({ task, submit }) => {
    if ((task.payload as { parent?: true } | null)?.parent !== true) return;
    made(await submit({ ...head, type, tasks: [{}], ...child }));
    await isGivenUp;
  };
}

it.each([
  ['of one task', [{}]],
  ['of two tasks', [{}, {}]],
])('a job %s without a worker is told, with what comes after it, and again when a worker is there', async (_, tasks) => {
  const jobId = await create({ tasks });
  const after = await create({ depends_on: [jobId] });
  const [[name, wedge]] = (await eventsOf(jobId, 1)) as [[string, JobWedge]];
  expect([name, wedge]).toEqual([
    'job.wedged',
    expect.objectContaining({ reason: 'NO_WORKER', certain: true, tenant: 'default' }),
  ]);
  expect((await explain(after)).waiting).toMatchObject([
    { reason: 'WEDGED', what: expect.stringContaining(type) },
    { reason: 'DEPENDENCY' },
  ]);
  expect((await explain(jobId)).waiting.map(({ reason }) => reason)).toEqual(['NO_WORKER']);
  const { wedge_id, reason, certain, what, do: advice } = wedge;
  const mark = { wedge_id, reason, certain, what, do: advice, since: expect.any(String) };
  expect([await wedgedOf(jobId), await wedgedOf(after)]).toEqual([mark, mark]);
  const unwedged = await create();
  const { wedged } = await callAction(bus, 'checkWedges', { job_ids: [after, unwedged, jobId] });
  expect(wedged).toEqual([
    { job_id: after, ...mark },
    { job_id: jobId, ...mark },
  ]);
  await startWorker();
  expect(await eventsOf(jobId, 2)).toMatchObject([{}, ['job.unwedged', { wedge_id: wedge.wedge_id, reason: 'NO_WORKER' }]]);
  await eventually(async () => expect(await statusOf(after)).toBe('completed'));
  expect([await wedgedOf(jobId), await wedgedOf(after)]).toEqual([undefined, undefined]);
});

it('limits that no worker can meet are told, and again when one can', async () => {
  await startWorker({ memoryMb: 512 });
  const jobId = await create({ resource_limits: { max_memory: 1_024, max_cpu: 0.5 } });
  const [[, wedge]] = (await eventsOf(jobId, 1)) as [[string, JobWedge]];
  expect(wedge).toMatchObject({
    reason: 'RESOURCES',
    what: expect.stringContaining('1024 MiB'),
    do: expect.stringContaining('WORKER_MEMORY_MB'),
  });
  await startWorker({ memoryMb: 2_048 });
  expect((await eventsOf(jobId, 2))[1]?.[0]).toBe('job.unwedged');
  await eventually(async () => expect(await statusOf(jobId)).toBe('completed'));
});

it.each([
  ['a key that its parent holds', { concurrency: { key: 'crm', limit: 1 } }, { slots: 4 }, 'the concurrency key crm'],
  ['the slot in which its parent runs', {}, { slots: 1 }, 'room for tasks of'],
])('a job that waits for %s is told with the circle, once through a restart', async (_, limits, options, via) => {
  const made = new Promise<string>((resolve) => {
    void startWorker(
      options,
      waitForChild(limits, ({ job_id }) => resolve(job_id)),
    );
  });
  const parent = await create({ ...limits, tasks: [{ payload: { parent: true } }] });
  const child = await made;
  const [[, wedge]] = (await eventsOf(child, 1)) as [[string, JobWedge]];
  expect(wedge).toMatchObject({ reason: 'CIRCLE', certain: false });
  expect(wedge.chain.at(0)).toBe(child);
  expect(wedge.chain.at(-1)).toBe(child);
  expect(wedge.chain.join(' ')).toContain(via);
  expect(wedge.chain).toContain(`what ${parent} runs`);
  for (const id of [parent, child]) {
    expect((await explain(id)).waiting[0]).toMatchObject({ reason: 'WEDGED', what: expect.stringContaining(child) });
  }
  await service.stop();
  service = await startJobService(servers, settings);
  await eventually(async () => expect((await explain(child)).waiting[0]?.reason).toBe('WEDGED'));
  giveUp();
  expect((await eventsOf(child, 2))[1]).toEqual(['job.unwedged', expect.objectContaining({ wedge_id: wedge.wedge_id })]);
  await eventually(async () => expect([await statusOf(parent), await statusOf(child)]).toEqual(['completed', 'completed']));
});
