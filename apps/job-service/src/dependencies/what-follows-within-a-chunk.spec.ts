import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobHead, TaskInput } from '@kintsugi/contracts';
import { serviceInMemory, settled } from '../reconcile/service-in-memory.js';
import { reportOf, uuid } from '../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { discardTask, requeueTask } from '../tasks/domain/recovery-moves.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const given = { type: 'send', userId: 'u', tenant: 'default' };

let service: ReturnType<typeof serviceInMemory>;
/** What is written: the chunk, how many of its tasks are ready, and how many wait. */
let written: string[];

beforeEach(() => {
  service = serviceInMemory();
  written = [];
});

async function accept(...chunks: TaskInput[][]): Promise<void> {
  await acceptWith({}, ...chunks);
}

async function acceptWith(more: Partial<JobHead>, ...chunks: TaskInput[][]): Promise<void> {
  const groups = chunks.map((tasks) => tasks.map((task) => JSON.stringify(task)));
  await service.chunked.accept(jobId, { ...head, ...more }, given, groups);
  await settled(service);
  service.changes.observe({
    written: ({ chunk, ready, tally }) => written.push(`${chunk.id.slice(-1)}: ${ready} ready, ${tally.blocked ?? 0} blocked`),
  });
}

async function succeed(sequence: number, index: number): Promise<void> {
  await service.engine.changeAll([`${uuid}.${sequence}`], (chunk) => {
    const { lease } = leaseTasks(chunk, [index], 'w', service.clock.now());
    recordOutcome(chunk, reportOf(lease, { done: [index] }), service.clock.now());
  });
}

async function fail(index: number): Promise<void> {
  await service.engine.changeAll([`${uuid}.0`], (chunk) => {
    const { lease } = leaseTasks(chunk, [index], 'w', service.clock.now());
    recordOutcome(chunk, reportOf(lease, { failed: [index] }), service.clock.now());
    discardTask(chunk, index, 1, service.clock.now());
  });
}

const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c', depends_on: ['a', 'b'] }];

describe('a task that waits for others', () => {
  test('becomes ready in the write of the last outcome, where all of them are in its chunk', async () => {
    await accept([a, b, c, { id: 'd', depends_on: ['c'] }]);
    for (const index of [0, 1, 2]) {
      await succeed(0, index);
      await settled(service);
    }
    expect(written).toEqual(['0: 1 ready, 2 blocked', '0: 1 ready, 1 blocked', '0: 1 ready, 0 blocked']);
  });

  test('becomes ready no sooner than an outcome in another chunk is written', async () => {
    await accept([a, c], [b]);
    await Promise.all([succeed(0, 0), succeed(1, 0)]);
    await settled(service);
    expect(written).toEqual(['0: 0 ready, 1 blocked', '1: 0 ready, 0 blocked', '0: 1 ready, 0 blocked']);
  });

  test('waits on where a person has another that had failed run again before the last outcome is written', async () => {
    await acceptWith({ on_dependency_failure: 'run' }, [a, b, c]);
    await fail(0);
    await settled(service);
    const again = service.engine.changeAll([`${uuid}.0`], (chunk) => requeueTask(chunk, 0, 1, undefined, service.clock.now()));
    await Promise.all([again, succeed(0, 1)]);
    await settled(service);
    await succeed(0, 0);
    expect(written).toEqual(['0: 1 ready, 1 blocked', '0: 1 ready, 1 blocked', '0: 1 ready, 0 blocked']);
  });

  test('does not become ready with what it waits for once its job is being cancelled', async () => {
    await accept([a, { id: 'b', depends_on: ['a'] }]);
    const entry = service.ledger.get(jobId);
    if (entry) await service.ledger.move(entry, 'cancel');
    await succeed(0, 0);
    expect(written).toEqual(['0: 0 ready, 1 blocked']);
  });
});
