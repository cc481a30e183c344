import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobHead } from '@kintsugi/contracts';
import { freshChunk, freshJob } from '../intake/domain/fresh-chunks.js';
import { serviceInMemory } from '../reconcile/service-in-memory.js';
import { reportOf, uuid } from '../tasks/domain/chunk-sample.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { discardTask, requeueTask } from '../tasks/domain/recovery-moves.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };

let service: ReturnType<typeof serviceInMemory>;
let chunk: Chunk;

beforeEach(async () => {
  service = serviceInMemory();
  const now = service.clock.at;
  const job = {
    ...freshJob(jobId, head, { type: 'send', userId: 'u', tenant: 'default', total: 2, chunks: 1, now }),
    opened: true,
  };
  await service.jobs.insert(job);
  const owner = { jobId, type: 'send', priority: 5, safety: 'idempotent', retryConfig: null } as const;
  const made = freshChunk(owner, 0, ['{}', '{}'], now);
  await service.chunks.write([service.chunks.mark(made.takeChange())]);
  await change((standing) => (chunk = standing));
});

/** Has a change of the job's chunk written, and all that follows from it done. */
async function change(make: (standing: Chunk) => unknown): Promise<void> {
  await service.engine.changeAll([`${uuid}.0`], (standing) => make(standing));
  for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

function run(standing: Chunk, index: number, ended: 'done' | 'failed'): void {
  const { lease } = leaseTasks(standing, [index], 'w', service.clock.at);
  recordOutcome(standing, reportOf(lease, { [ended]: [index] }), service.clock.at + 1_000);
}

async function status(): Promise<string | undefined> {
  return (await service.jobs.find(jobId))?.status;
}

function told(): string[] {
  return service.published.map(({ name }) => name).filter((name) => name.startsWith('job.'));
}

describe('a job is moved by what its chunks come to', () => {
  test('begins with its first lease, and is completed with its last success', async () => {
    expect(await status()).toBe('pending');
    await change((standing) => run(standing, 0, 'done'));
    expect(await status()).toBe('running');
    await change((standing) => run(standing, 1, 'done'));
    expect(await service.jobs.find(jobId)).toMatchObject({ status: 'completed', task_counts: { succeeded: 2 }, first_try: 2 });
    expect(told()).toEqual(['job.started', 'job.completed']);
    expect(service.counted).toContain('kintsugi_jobs_finished_total send completed 1');
  });

  test('fails with its last task when one is given up, and recovers when that is requeued', async () => {
    await change((standing) => run(standing, 0, 'done'));
    await change((standing) => run(standing, 1, 'failed'));
    expect(await status()).toBe('running');
    await change((standing) => discardTask(standing, 1, 1, service.clock.at));
    expect(await status()).toBe('failed');
    await change((standing) => requeueTask(standing, 1, 1, undefined, service.clock.at));
    expect(await status()).toBe('recovering');
    await change((standing) => run(standing, 1, 'done'));
    expect(await status()).toBe('completed');
    expect(told()).toEqual(['job.started', 'job.failed', 'job.recovered', 'job.completed']);
  });

  test('knows the moves that another process has made of it', async () => {
    await service.jobs.apply(jobId, 'cancel', {}, null);
    await change((standing) => run(standing, 0, 'done'));
    expect(service.ledger.get(jobId)?.job.status).toBe('cancelling');
    await service.cancelTasks.ofJob(jobId);
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await status()).toBe('cancelled');
  });
});

test('a job that was run again after its deadline, and is cancelled then, ends as cancelled', async () => {
  await service.ledger.hold([jobId], async () => {
    const entry = service.ledger.get(jobId);
    if (!entry) throw new Error('It is not there.');
    await service.ledger.move(entry, 'expire');
    await change((standing) => discardAll(standing));
    expect(await status()).toBe('failed');
    await change((standing) => requeueTask(standing, 1, 1, undefined, service.clock.at));
    expect(await status()).toBe('recovering');
    await service.ledger.move(entry, 'cancel');
    await service.cancelTasks.ofJob(jobId);
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  });
  expect(await status()).toBe('cancelled');
  expect(await service.jobs.find(jobId)).toMatchObject({ expired: false });
});

/** One task has been cancelled with the deadline, and the other fails. */
function discardAll(standing: Chunk): void {
  run(standing, 1, 'failed');
  discardTask(standing, 1, 1, service.clock.at);
  standing.move(0, 'cancel');
}

describe('a job that is counted wrong', () => {
  /** Somebody else ends the job's tasks, and nobody here is told. */
  async function endElsewhere(): Promise<void> {
    const [theirs] = await service.chunks.load([chunk.id]);
    if (!theirs) throw new Error('There is no chunk.');
    for (const index of [0, 1]) run(theirs, index, 'done');
    await service.chunks.write([service.chunks.mark(theirs.takeChange())]);
  }

  test('is put right by the record once nothing has happened to it for a round, and ends', async () => {
    await endElsewhere();
    expect(await service.ledger.recountIdle()).toBe(0);
    expect(await service.ledger.recountIdle()).toBe(1);
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await status()).toBe('completed');
  });

  test('is left alone while a change of it is on its way to the record', async () => {
    await endElsewhere();
    await service.ledger.recountIdle();
    service.writer.save(chunk);
    expect(await service.ledger.recountIdle()).toBe(0);
  });
});
