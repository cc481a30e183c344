// No name that a message or the record holds ends job-service, or keeps it from its work.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { subjects, type JobReceipt, type Problem } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

const badNames = ['a b', 'a\tb', 'a\r\nPUB kin.cmd.createJob 0', 'a.b', '*', '>', 'ä', ''];

async function createJob(): Promise<string> {
  const head = { product_id: 'shop', sending_group_id: 'spring', user_id: 'ann', type: 'trial' };
  return (await callAction(service.bus, 'createJob', { ...head, tasks: [{}, {}] })).job_id;
}

async function runsOn(worker: ScriptedWorker, jobId: string): Promise<void> {
  await eventually(async () => {
    for (const slice of worker.slices.splice(0)) await worker.succeed(slice);
    expect((await callAction(service.bus, 'getJob', { job_id: jobId })).status).toBe('completed');
  });
}

test.each(badNames)('a worker that calls itself %j is not taken in, and its job runs elsewhere', async (name) => {
  const inventory = { host: 'test', pid: 1, slots: 10, queues: ['trial'], draining: false, held: [], running: [] };
  service.bus.publish(subjects.inventories, JSON.stringify({ worker_id: name, ...inventory }));
  const jobId = await createJob();
  const worker = new ScriptedWorker(service.bus, 'worker', ['trial']);
  await runsOn(worker, jobId);
  worker.stop();
  expect([...service.parts.roster.all].map(({ id }) => id)).not.toContain(name);
});

test('a queue that no job can have takes nothing from the others of its worker', async () => {
  const jobId = await createJob();
  const worker = new ScriptedWorker(service.bus, 'two-queues', ['a job type', 'trial']);
  await runsOn(worker, jobId);
  worker.stop();
});

test('a lease in the record under a name that no worker can have is a lost one, also at the start', async () => {
  const jobId = await createJob();
  const worker = new ScriptedWorker(service.bus, 'holder', ['trial']);
  await eventually(() => expect(worker.slices).toHaveLength(1));
  worker.stop();
  await service.store.collection('chunks').updateMany({ job_id: jobId }, { $set: { 'leases.$[].worker_id': 'a b' } });
  await service.stop();
  service = await startJobService(servers, { INSTANCE_ID: 'again' });
  const other = new ScriptedWorker(service.bus, 'other', ['trial']);
  await runsOn(other, jobId);
  other.stop();
});

test('a request with headers that cannot be read is answered, and all after it', async () => {
  const { port } = new URL(servers.natsUrl);
  const inbox = 'answers.of.a.stranger';
  const answers: Partial<JobReceipt & Problem>[] = [];
  service.bus.subscribe(inbox, (message) => answers.push(message.json()));
  const headers = 'NATS/1.0\r\nb d: 1\r\n\r\n';
  const bodies = ['{}', JSON.stringify({ product_id: 'p', sending_group_id: 'g', type: 'trial', tasks: [{}] })];
  const subject = subjects.request('job', 'createJob');
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('CONNECT {"verbose":false,"headers":true}\r\n');
  for (const body of bodies) {
    socket.write(`HPUB ${subject} ${inbox} ${headers.length} ${headers.length + body.length}\r\n${headers}${body}\r\n`);
  }
  await eventually(() => expect(answers).toMatchObject([{ code: 'VALIDATION_FAILED' }, { status: 'pending' }]));
  socket.destroy();
  await createJob();
});
