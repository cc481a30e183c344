// A job that was accepted, and whose tasks a fault kept from becoming real, runs once the fault is over.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jobIdOf } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers, { RECONCILE_EVERY_MS: '100', FORGOTTEN_AFTER_MS: '1000' });
  worker = new ScriptedWorker(service.bus, 'worker', ['noop']);
}, 60_000);

afterAll(async () => {
  worker?.stop();
  await service?.stop();
  await servers?.stop();
}, 30_000);

/** Has the database refuse every chunk that is not staged. */
async function refuseRealChunks(refused: boolean): Promise<void> {
  const validator = refused ? { staged_at: { $exists: true } } : {};
  await service.store.db.command({ collMod: 'chunks', validator });
}

it('is opened again by the reconciler, without a restart', async () => {
  const jobId = jobIdOf(uuidv7());
  await callAction(service.bus, 'stageTasks', { job_id: jobId, sequence: 0, tasks: '{}\n{}', count: 2 });
  await refuseRealChunks(true);
  await expect(
    callAction(service.bus, 'commitUpload', {
      ...{ job_id: jobId, chunks: 1, fingerprint: 'f', total_tasks: 2 },
      job: { product_id: 'p', sending_group_id: 'g', type: 'noop' },
    }),
  ).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(await callAction(service.bus, 'getJob', { job_id: jobId })).toMatchObject({ status: 'pending' });
  await refuseRealChunks(false);
  await eventually(() => expect(worker.slices.flatMap(({ indexes }) => indexes)).toEqual([0, 1]), { timeoutMs: 10_000 });
  expect(await service.counted('kintsugi_reconcile_repairs_total', { kind: 'job_opened_again' })).toBe(1);
}, 30_000);
