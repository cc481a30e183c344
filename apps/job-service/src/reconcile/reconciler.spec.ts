import { beforeEach, expect, jest, test } from '@jest/globals';
import type { JobHead } from '@kintsugi/contracts';
import { freshJob } from '../intake/domain/fresh-chunks.js';
import { bundleOf, reportOf, uuid } from '../tasks/domain/chunk-sample.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { serviceInMemory, settled, turnsOf } from './service-in-memory.js';

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

/** Lets the next times for a round come, each as long after the one before as they are apart. Gives at which of them one was made. */
async function roundsMadeIn(times: number): Promise<number[]> {
  const made: number[] = [];
  let asked = false;
  const takeOver = jest.spyOn(service.takeOver, 'execute').mockImplementation(async () => void (asked = true));
  for (let time = 1; time <= times; time += 1) {
    asked = false;
    service.clock.at += 5_000;
    service.reconciler.roundIfDue();
    await turnsOf(20);
    if (asked) made.push(time);
  }
  takeOver.mockRestore();
  return made;
}

test('while nothing goes on, one round of six is made once all that could be forgotten was found', async () => {
  expect(await roundsMadeIn(17)).toEqual([1, 2, 3, 4, 5, 11, 17]);
});

test('a replica that begins to lead after it has waited for long makes each of its first rounds', async () => {
  service.clock.at += 3_600_000;
  service.reconciler.start();
  expect(await roundsMadeIn(5)).toEqual([1, 2, 3, 4, 5]);
  await service.reconciler.stop();
});

test('each round is made again from the next on when something has been written, a worker has come, or something waits', async () => {
  await roundsMadeIn(11);
  const chunk = bundleOf(1);
  service.engine.enter(chunk);
  service.writer.save(chunk);
  await settled(service);
  expect(await roundsMadeIn(3)).toEqual([1, 2, 3]);
  service = serviceInMemory();
  await roundsMadeIn(11);
  service.roster.expect('w', 0);
  expect(await roundsMadeIn(3)).toEqual([1, 2, 3]);
  service = serviceInMemory();
  await written(() => undefined);
  expect(await roundsMadeIn(11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});
