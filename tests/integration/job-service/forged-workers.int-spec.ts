// Twenty thousand forged names take neither memory nor work: who is no worker is not known, and a worker goes on.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { subjects } from '@kintsugi/contracts';
import { callAction, type Subscription } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const forged = 20_000;

let servers: TestServers;
let under: JobServiceUnderTest;
let worker: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  under = await startJobService(servers);
  worker = new ScriptedWorker(under.bus, 'real', ['send']);
});

afterAll(async () => {
  worker.stop();
  await under.stop();
  await servers.stop();
});

async function runJob(): Promise<void> {
  const job = { type: 'send', product_id: 'p', sending_group_id: 'g', tasks: [{ payload: 1 }, { payload: 2 }] };
  // All of it runs in this process: how long that takes is not what this is about.
  const { job_id } = await callAction(under.bus, 'createJob', job, { timeoutMs: 60_000 });
  await eventually(async () => {
    for (const slice of [...worker.slices]) await worker.succeed(slice);
    expect((await callAction(under.bus, 'getJob', { job_id })).status).toBe('completed');
  });
}

function forge(run: string): void {
  for (let name = 0; name < forged; name += 1) {
    const queues = ['send', `${run}.${name}`];
    const inventory = {
      worker_id: `${run}-${name}`,
      host: 'h',
      pid: 1,
      slots: 10_000,
      queues,
      draining: false,
      held: [],
      running: [],
    };
    under.bus.publish(subjects.inventories, JSON.stringify(inventory));
  }
}

function known(): string[] {
  return [...under.parts.roster.all].map(({ id }) => id);
}

test('that nobody answers to', async () => {
  await runJob();
  forge('unheard');
  await runJob();
  await eventually(async () => {
    expect(await under.counted('kintsugi_worker_introductions_refused_total')).toBe(forged);
  });
  expect(known()).toEqual(['real']);
});

test('that somebody answers to', async () => {
  const listener: Subscription = under.bus.subscribe(subjects.control('any').replace('any', '*'), (message) =>
    message.respond(''),
  );
  forge('heard');
  await runJob();
  expect(known().length).toBeLessThanOrEqual(2_000);
  expect(known()).toContain('real');
  listener.unsubscribe();
  await eventually(() => expect(known()).toEqual(['real']));
  await runJob();
});
