// A handler goes on behind the steps that its earlier runs have kept, in a bundle and in chunks, and begins anew from the one that is asked for.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobReceipt, StepPage, TaskPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { createWorker, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: Worker;
const ran: string[] = [];
const failing = new Set<string>();

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  worker = createWorker({ natsUrl: servers.natsUrl, log: false }).handle('order', async ({ task, attempt, step }) => {
    const part = async (name: string): Promise<string> => {
      const of = `${name} ${(task.payload as { order: string }).order}`;
      ran.push(`${of} ${attempt}`);
      if (failing.has(of)) throw new Error('not now');
      return `${of} ${attempt}`;
    };
    const results: string[] = [];
    for (const name of ['reserve', 'charge', 'ship']) results.push(await step(name, () => part(name)));
    return results;
  });
  await worker.start();
});

afterAll(async () => {
  await worker?.stop();
  await service?.stop();
  await servers?.stop();
});

async function ordered(...orders: string[]): Promise<string> {
  const tasks = orders.map((order) => ({ payload: { order } }));
  const job = { product_id: 'p', sending_group_id: 'g', type: 'order', tasks };
  const { job_id: jobId }: JobReceipt = await callAction(service.bus, 'createJob', job);
  return jobId;
}

async function tasksOf(jobId: string): Promise<TaskPage['items']> {
  return (await callAction(service.bus, 'listTasks', { job_id: jobId })).items;
}

/** Has a failed task run again as recovery-service does. */
async function runAgain(taskId: string, attempt: number, fromStep?: string): Promise<void> {
  const data = { tasks: [{ task_id: taskId, attempt }], ...(fromStep === undefined ? {} : { from_step: fromStep }) };
  await service.parts.applyRecovery.requeue(data);
}

async function stepsOf(jobId: string, taskId: string): Promise<StepPage['items']> {
  return (await callAction(service.bus, 'listSteps', { job_id: jobId, task_id: taskId })).items;
}

test.each([
  ['a job of one task', ['a']],
  ['a job of many tasks', ['b', 'c', 'd']],
])('%s', async (_, orders) => {
  const [order] = orders as [string];
  failing.add(`ship ${order}`);
  const jobId = await ordered(...orders);
  const taskId = await eventually(async () => {
    const [task] = await tasksOf(jobId);
    expect(task).toMatchObject({ state: 'failed', attempts: 1, has_steps: true });
    return task?.id ?? '';
  });
  expect(await stepsOf(jobId, taskId)).toMatchObject([
    { name: 'reserve', sequence: 0, attempt: 1, result: `reserve ${order} 1` },
    { name: 'charge', sequence: 1, attempt: 1, result: `charge ${order} 1` },
  ]);
  await runAgain(taskId, 1);
  await eventually(async () => expect((await tasksOf(jobId))[0]).toMatchObject({ state: 'failed', attempts: 2 }));
  expect(ran.filter((part) => part.endsWith(` ${order} 2`))).toEqual([`ship ${order} 2`]);
  failing.clear();
  await runAgain(taskId, 2, 'charge');
  await eventually(async () =>
    expect((await tasksOf(jobId))[0]).toMatchObject({
      state: 'succeeded',
      result: [`reserve ${order} 1`, `charge ${order} 3`, `ship ${order} 3`],
    }),
  );
  expect((await stepsOf(jobId, taskId)).map(({ name, attempt }) => [name, attempt])).toEqual([
    ['reserve', 1],
    ['charge', 3],
    ['ship', 3],
  ]);
});
