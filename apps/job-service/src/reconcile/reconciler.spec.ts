import { beforeEach, expect, test } from '@jest/globals';
import type { JobHead } from '@kintsugi/contracts';
import { freshJob } from '../intake/domain/fresh-chunks.js';
import { bundleOf, reportOf, uuid } from '../tasks/domain/chunk-sample.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { serviceInMemory, turnsOf } from './service-in-memory.js';

const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const longMs = 60_000;

let service: ReturnType<typeof serviceInMemory>;

beforeEach(() => {
  service = serviceInMemory();
});

/** A bundle that somebody else has written. */
async function written(make: (chunk: Chunk) => void, safety: 'idempotent' | 'unsafe' = 'idempotent'): Promise<Chunk> {
  const chunk = bundleOf(2, safety);
  make(chunk);
  await service.chunks.write([service.chunks.mark(chunk.takeChange())]);
  return chunk;
}

function promisedBy({ id }: Chunk): string[] {
  return service.stored.get(id)?.outbox.map((entry) => entry.id) ?? [];
}

function fail(chunk: Chunk): void {
  recordOutcome(chunk, reportOf(leaseTasks(chunk, [0], 'w', service.clock.at).lease, { failed: [0] }), service.clock.at);
}

/** A round, with all that follows from it. */
async function round(): Promise<string[]> {
  service.published.length = 0;
  await service.reconciler.round();
  await turnsOf(20);
  return service.published.map(({ name }) => name);
}

test('an event that was promised and never published is published once it counts as forgotten', async () => {
  const chunk = await written((fresh) => fresh.emit('job.created', [0, 1], service.clock.at));
  expect(await round()).toEqual([]);
  service.clock.at += longMs;
  expect(await round()).toEqual(['job.created']);
  expect(service.published[0]?.data).toMatchObject({ jobs: [{ job_id: chunk.jobIdOf(0) }, { job_id: chunk.jobIdOf(1) }] });
});

test('a failure that nobody has decided about is told again, and no more often than it can be forgotten', async () => {
  const chunk = await written(fail);
  await service.chunks.clearOutbox([chunk.id], promisedBy(chunk));
  expect(await round()).toEqual([]);
  service.clock.at += longMs;
  expect(await round()).toEqual(['task.failed']);
  expect(await round()).toEqual([]);
  service.clock.at += longMs;
  expect(await round()).toEqual(['task.failed']);
  expect(service.counted).toContain('kintsugi_reconcile_repairs_total failure_told_again 1');
});

test('what waits for a person is told when this replica begins to lead, and once an hour', async () => {
  const chunk = await written((fresh) => {
    loseLease(fresh, leaseTasks(fresh, [0], 'w', 0).lease.fence, { alone: false, lossesMax: 5, now: service.clock.at });
  }, 'unsafe');
  await service.chunks.clearOutbox([chunk.id], promisedBy(chunk));
  expect(await round()).toEqual(['task.lost']);
  service.clock.at += longMs;
  expect(await round()).toEqual([]);
  service.clock.at += 3_600_000;
  expect(await round()).toEqual(['task.lost']);
});

test('leases that a former leader gave are taken over', async () => {
  const chunk = bundleOf(2);
  leaseTasks(chunk, [0, 1], 'elsewhere', service.clock.at);
  await service.chunks.write([{ ...service.chunks.mark(chunk.takeChange()), epoch: 0 }]);
  await round();
  expect(service.roster.get('elsewhere')).toMatchObject({ held: 2 });
});

test('a job that was accepted and whose chunks were not made real is opened, and counted as repaired', async () => {
  const jobId = `job_${uuid}`;
  const { at: now } = service.clock;
  await service.staging.stage({ job_id: jobId, sequence: 0, tasks: '{}\n{}', count: 2 });
  const job = freshJob(jobId, head, { type: 'send', userId: 'u', tenant: 'default', total: 2, chunks: 1, now });
  await service.jobs.insert(job);
  service.ledger.enter(job);
  await round();
  expect(await service.chunks.page(jobId, 0, null, 9)).toEqual([]);
  service.clock.at += longMs;
  await round();
  expect(await service.chunks.page(jobId, 0, null, 9)).toHaveLength(1);
  expect(await service.jobs.find(jobId)).toMatchObject({ opened: true });
  expect(service.counted).toContain('kintsugi_reconcile_repairs_total job_opened_again 1');
});
