// A job that was accepted, and whose tasks a fault kept from becoming real, runs once the fault is over.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chunkIdOf, jobIdOf } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { freshChunk } from '../../../apps/job-service/src/intake/domain/fresh-chunks.js';
import { leaseTasks } from '../../../apps/job-service/src/tasks/domain/lease-tasks.js';
import { recordOutcome } from '../../../apps/job-service/src/tasks/domain/record-outcome.js';
import { ChunkStore } from '../../../apps/job-service/src/tasks/mongo/chunk-store.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers, { RECONCILE_EVERY_MS: '100', FORGOTTEN_AFTER_MS: '1000' });
  worker = new ScriptedWorker(service.bus, 'worker', ['noop']);
});

afterAll(async () => {
  worker?.stop();
  await service?.stop();
  await servers?.stop();
});

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
  await eventually(() => expect(worker.slices.flatMap(({ indexes }) => indexes)).toEqual([0, 1]));
  expect(await service.counted('kintsugi_reconcile_repairs_total', { kind: 'job_opened_again' })).toBe(1);
});

it('and opened again while its planner stages tasks, it leaves those alone', async () => {
  const jobId = jobIdOf(uuidv7());
  const { store } = service.parts;
  const owner = { jobId, type: 'noop', priority: 5, safety: 'idempotent', retryConfig: null } as const;
  const staged = (sequence: number) => ({
    change: freshChunk(owner, sequence, ['{}'], Date.now()).takeChange(),
    stagedAt: Date.now(),
  });
  await store.stage([staged(0), { ...staged(1), planFence: 1 }]);
  const given = { queue: 'nobody', priority: 5, safety: 'idempotent', retry_config: null, accepted_at: 1 } as const;
  await store.openStaged(jobId, given, true);
  expect(await store.countStaged(jobId)).toMatchObject({ chunks: 1 });
  await store.openStaged(jobId, given);
  expect(await store.countStaged(jobId)).toMatchObject({ chunks: 0 });
});

it('ends though a former leader wrote the ends of its tasks after this one had counted them', async () => {
  const job = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this', tasks: [{}, {}] };
  const { job_id: jobId } = await callAction(service.bus, 'createJob', job);
  const former = new ChunkStore(service.store, { epoch: 0, assertLeading: () => Promise.resolve() });
  const [chunk] = await former.load([chunkIdOf(jobId, 0)]);
  if (!chunk) throw new Error('The job has no chunk.');
  const { fence } = leaseTasks(chunk, [0, 1], 'gone', Date.now()).lease;
  const ended = { base_ms: Date.now(), done: [0, 1], started: [0, 0], took_us: [1, 1], failed: [], returned: [] };
  recordOutcome(chunk, { chunk_id: chunk.id, fence, ...ended }, Date.now());
  expect(await former.write([former.mark(chunk.takeChange())])).toEqual([]);
  await eventually(async () =>
    expect(await callAction(service.bus, 'getJob', { job_id: jobId })).toMatchObject({
      status: 'completed',
      task_counts: { succeeded: 2, ready: 0 },
    }),
  );
  expect(await service.counted('kintsugi_reconcile_repairs_total', { kind: 'job_recounted' })).toBe(1);
});
