// A worker whose log is on a full disk serves on.
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { callAction } from '@kintsugi/messaging';
import { startTestServers, type TestServers } from '@kintsugi/testing';
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

test('a worker runs tasks though its standard error takes no lines', async () => {
  const full = openSync('/dev/full', 'w');
  const file = join(import.meta.dirname, 'programs', 'blocking-worker.mjs');
  program = WorkerProgram.start(file, { environment: { NATS_URL: servers.natsUrl }, stderr: full });
  closeSync(full);
  const tasks = [{ payload: { until: file } }];
  await callAction(service.bus, 'createJob', { product_id: 'p', sending_group_id: 'g', type: 'bundle.block', tasks });
  const running = program.tells('running');
  const ended = program.ended.then(([code]) => ({ ended: code }));
  expect(await Promise.race([running, ended])).toHaveProperty('running');
});
