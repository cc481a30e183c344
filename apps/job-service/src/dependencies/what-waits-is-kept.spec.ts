import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { JobHead, TaskInput } from '@kintsugi/contracts';
import { serviceInMemory, settled } from '../reconcile/service-in-memory.js';
import { reportOf, uuid } from '../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const given = { type: 'send', userId: 'u', tenant: 'default' };

let service: ReturnType<typeof serviceInMemory>;

beforeEach(() => {
  service = serviceInMemory();
});

/** A job with a chunk for each of its tasks. */
async function accept(...tasks: TaskInput[]): Promise<void> {
  const groups = tasks.map((task) => [JSON.stringify(task)]);
  await service.chunked.accept(jobId, head, given, groups);
  await settled(service);
}

async function succeed(sequence: number): Promise<void> {
  await service.engine.changeAll([`${uuid}.${sequence}`], (chunk) => {
    const { lease } = leaseTasks(chunk, [0], 'w', service.clock.now());
    recordOutcome(chunk, reportOf(lease, { done: [0] }), service.clock.now());
  });
  await settled(service);
}

async function states(): Promise<string[]> {
  return (await service.chunks.page(jobId, 0, null, 9)).map((chunk) => chunk.stateOf(0));
}

describe('chunks in which tasks wait', () => {
  test('are not read again to let these run', async () => {
    await accept({ id: 'a' }, { id: 'b', depends_on: ['a'] }, { id: 'c', depends_on: ['b'] });
    const load = jest.spyOn(service.chunks, 'load');
    for (let n = 0; n < 2; n += 1) {
      await succeed(n);
      expect(load.mock.calls.flat(2)).not.toContain(`${uuid}.${n + 1}`);
    }
    expect(await states()).toEqual(['succeeded', 'succeeded', 'ready']);
  });

  test('are not taken from a read that is older than what became of them, and are let go once nothing waits', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const page = service.chunks.page.bind(service.chunks);
    jest.spyOn(service.chunks, 'page').mockImplementationOnce(async (...asked) => {
      const found = await page(...asked);
      await promise;
      return found;
    });
    await accept({ id: 'a' }, { id: 'b', depends_on: ['a'] }, { id: 'c', depends_on: ['a'] });
    await service.engine.changeAll([`${uuid}.1`], (chunk) => chunk.move(0, 'cancel'));
    await settled(service);
    expect(service.live.get(`${uuid}.1`)).toBeUndefined();
    resolve(undefined);
    await settled(service);
    expect(service.live.get(`${uuid}.1`)).toBeUndefined();
    await succeed(0);
    expect(await states()).toEqual(['succeeded', 'cancelled', 'ready']);
  });
});
