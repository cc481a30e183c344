import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobHead } from '@kintsugi/contracts';
import type { ExternalJobs } from '../../external/external-jobs.js';
import { serviceInMemory } from '../../reconcile/service-in-memory.js';
import { uuid } from '../../tasks/domain/chunk-sample.js';
import { JobDirectory } from '../job-directory.js';
import type { ListParents } from './list-parents.js';
import { ListTasks } from './list-tasks.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };

let listTasks: ListTasks;

beforeEach(async () => {
  const service = serviceInMemory();
  const { jobs, chunks, live, ledger, cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues } = service;
  const directory = new JobDirectory(
    ...([jobs, chunks, chunks, live, ledger, {} as ExternalJobs] as const),
    ...([cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues] as const),
  );
  listTasks = new ListTasks(directory, live, {} as ListParents);
  const lines = Array.from({ length: 17 }, (_, n) => JSON.stringify({ id: `t${n}` }));
  const parts = [
    lines.slice(0, 3),
    lines.slice(3, 6),
    lines.slice(6, 9),
    lines.slice(9, 12),
    lines.slice(12, 15),
    lines.slice(15),
  ];
  await service.chunked.accept(jobId, head, { type: 'send', userId: 'u', tenant: 'default' }, parts);
});

async function all(order: 'asc' | 'desc', limit: number): Promise<(string | null)[]> {
  const keys: (string | null)[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await listTasks.execute({ job_id: jobId, order, limit, ...(cursor === undefined ? {} : { cursor }) });
    keys.push(...page.items.map(({ key }) => key));
    if (page.next_cursor === null) return keys;
    cursor = page.next_cursor;
  }
}

const inOrder = Array.from({ length: 17 }, (_, n) => `t${n}`);

describe('the tasks of a job', () => {
  test.each([1, 2, 5, 17, 50])('are listed each once, from the first on, %i a page', async (limit) => {
    expect(await all('asc', limit)).toEqual(inOrder);
  });

  test.each([1, 2, 5, 17, 50])('are listed each once, from the last back, %i a page', async (limit) => {
    expect(await all('desc', limit)).toEqual(inOrder.toReversed());
  });

  test('from the last back are found by their state alike', async () => {
    const page = await listTasks.execute({ job_id: jobId, order: 'desc', limit: 3, state: 'ready' });
    expect(page.items.map(({ key }) => key)).toEqual(['t16', 't15', 't14']);
    expect((await listTasks.execute({ job_id: jobId, order: 'desc', limit: 3, state: 'dead' })).items).toEqual([]);
  });

  test.each(['asc', 'desc'] as const)('are not listed on in another order from a cursor of one that is %s', async (order) => {
    const { next_cursor: cursor } = await listTasks.execute({ job_id: jobId, order, limit: 3 });
    const other = order === 'asc' ? 'desc' : 'asc';
    await expect(listTasks.execute({ job_id: jobId, order: other, limit: 3, cursor: String(cursor) })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
      extras: { errors: [{ path: 'data.cursor', rule: 'CURSOR_OF_OTHER_ORDER', got: cursor }] },
    });
  });

  test('that one waits for are not listed from the last back', async () => {
    const request = { job_id: jobId, parents_of: `task_${uuid}.0.0`, order: 'desc', limit: 3 } as const;
    await expect(listTasks.execute(request)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.order', got: 'desc' }] },
    });
  });
});
