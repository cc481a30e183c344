import { beforeEach, expect, jest, test } from '@jest/globals';
import type { JobHead } from '@kintsugi/contracts';
import { viewJob } from '../jobs/domain/job-view.js';
import type { JobRecord } from '../jobs/domain/job.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { serviceInMemory } from '../reconcile/service-in-memory.js';
import { uuid } from '../tasks/domain/chunk-sample.js';

const jobId = `job_${uuid}`;
const given = { type: 'send', userId: 'u', tenant: 'default' };

let service: ReturnType<typeof serviceInMemory>;

beforeEach(() => {
  service = serviceInMemory();
});

async function accept(runAtMs: number): Promise<void> {
  const head: JobHead = {
    ...{ product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} },
    run_at: new Date(runAtMs).toISOString(),
  };
  await service.chunked.accept(jobId, head, given, [['{}', '{}'], ['{}']]);
}

const realChunks = async (): Promise<number> => (await service.chunks.page(jobId, -1, null, 9)).length;

test('a job whose time has not come has neither tasks to run nor a place in memory', async () => {
  await accept(service.clock.at + 1_000);
  await service.jobClock.pass();
  await service.reconciler.round();
  service.clock.at += 999;
  await service.jobClock.pass();
  expect(await realChunks()).toBe(0);
  expect(await service.jobs.find(jobId)).toMatchObject({ status: 'scheduled', opened: false });
  expect([...service.ledger.all]).toEqual([]);
});

test('once it has come, the tasks are there and the job is told to be released, once', async () => {
  await accept(service.clock.at + 1_000);
  service.clock.at += 1_000;
  for (let time = 0; time < 2; time += 1) await service.jobClock.pass();
  expect(await realChunks()).toBe(2);
  expect(await service.jobs.find(jobId)).toMatchObject({ status: 'pending', opened: true });
  expect(await service.jobs.nextWake()).toBeNull();
  expect(service.ledger.get(jobId)?.counts).toEqual({ ready: 3 });
  await new Promise(setImmediate);
  expect(service.published.map(({ name }) => name)).toEqual(['job.created', 'job.released']);
});

test('what broke off is done again', async () => {
  await accept(service.clock.at + 1_000);
  service.clock.at += 1_000;
  jest.spyOn(service.chunks, 'openStaged').mockRejectedValueOnce(new Error('breaks off here'));
  await expect(service.jobClock.pass()).rejects.toThrow('breaks off here');
  expect((await service.jobs.find(jobId))?.status).toBe('scheduled');
  await service.jobClock.pass();
  expect((await service.jobs.find(jobId))?.status).toBe('pending');
  expect(await realChunks()).toBe(2);
});

test('a job that is held before its time, or is about to be opened, stands as it was accepted, and not as done', async () => {
  const unbegun = { task_counts: { ready: 3 }, detailed_status: { progress_percentage: 0 } };
  await accept(service.clock.at + 1_000);
  await service.ledger.hold([jobId], async () => {
    const entry = service.ledger.get(jobId) as LedgerEntry;
    await service.ledger.move(entry, 'pause', { by: 'ann' });
    expect(viewJob({ ...entry.job, ...entry.snapshot() })).toMatchObject({ status: 'paused', ...unbegun });
    entry.dirty = true;
    await service.ledger.stop();
    expect(viewJob((await service.jobs.find(jobId)) as JobRecord)).toMatchObject(unbegun);
    service.clock.at += 1_000;
    await service.jobClock.pass();
    expect(viewJob({ ...entry.job, ...entry.snapshot() })).toMatchObject({ status: 'paused', ...unbegun });
  });
});
