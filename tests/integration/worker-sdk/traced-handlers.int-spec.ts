// What a handler of a traced task gets, and what is told of its failure.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { actorSchema, natsActor, type TaskPage } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { OtlpReceiver, eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { NonRetryable, createWorker, type Worker } from '@kintsugi/worker-sdk';
import { startJobService, type JobServiceUnderTest } from '../job-service/job-service-under-test.js';

const handler = join(import.meta.dirname, 'programs', 'isolated-handler.mjs');

let servers: TestServers;
let receiver: OtlpReceiver;
let service: JobServiceUnderTest;
let worker: Worker;

beforeAll(async () => {
  servers = await startTestServers();
  receiver = await OtlpReceiver.start();
  service = await startJobService(servers, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '20' });
  worker = createWorker({ natsUrl: servers.natsUrl, log: false, slots: 1 });
  worker.handle('traced.isolated', handler, { isolate: true });
  worker.handle('traced.refused', () => {
    throw new NonRetryable('no such card', { error_type: 'card.unknown' });
  });
  await worker.start();
});

afterAll(async () => {
  await worker?.stop();
  await service?.stop();
  await receiver?.stop();
  await servers?.stop();
});

async function ended(type: string): Promise<TaskPage['items'][number]> {
  const job = { product_id: 'p', sending_group_id: 'g', type, tasks: [{ payload: { do: 'trace' } }] };
  const actor = actorSchema.parse({ ...natsActor, name: 'ann', door: 'http' });
  const origin = { actor, requestId: 'r', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  const { job_id } = await callAction(service.bus, 'createJob', job, { origin });
  return eventually(async () => {
    const [task] = (await callAction(service.bus, 'listTasks', { job_id })).items;
    expect(task?.state).toMatch(/succeeded|failed|dead/);
    return task as TaskPage['items'][number];
  });
}

const spanOf = (type: string) =>
  eventually(() => {
    const span = receiver.spans.find(({ name }) => name === `process ${type}`);
    expect(span).toBeDefined();
    return span;
  });

test('an isolated handler has the trace of its attempt to hand on', async () => {
  const task = await ended('traced.isolated');
  const span = await spanOf('traced.isolated');
  expect(task.result).toEqual({ traceparent: `00-${span?.traceId}-${span?.spanId}-01` });
});

test('a failure that a handler has named has that name in its trace', async () => {
  await ended('traced.refused');
  expect((await spanOf('traced.refused'))?.attributes).toMatchObject({ 'error.type': 'card.unknown' });
});
