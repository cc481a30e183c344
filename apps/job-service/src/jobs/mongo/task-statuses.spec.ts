import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Store } from '@kintsugi/persistence';
import { serviceInMemory } from '../../reconcile/service-in-memory.js';
import { bundleOf, uuid } from '../../tasks/domain/chunk-sample.js';
import { chunkDocument } from '../../tasks/mongo/chunk-document.js';
import { TaskStatuses } from './task-statuses.js';

const taskId = `task_${uuid}.0.1`;
let service: ReturnType<typeof serviceInMemory>;
/** What the store was asked for. */
let asked: { ids: string[]; fields: string[] }[];
let statuses: TaskStatuses;

beforeEach(() => {
  service = serviceInMemory();
  asked = [];
  const collection = () => ({
    find: ({ _id }: { _id: { $in: string[] } }) => ({
      project: (fields: object) => {
        asked.push({ ids: _id.$in, fields: Object.keys(fields) });
        const document = chunkDocument(bundleOf(3).takeChange(), 1);
        return [{ ...document, jobs: document.jobs?.map((job) => job !== null) ?? null }];
      },
    }),
  });
  statuses = new TaskStatuses({ collection } as unknown as Store, service.live, service.writer);
});

describe('how tasks stand', () => {
  test('is read for a chunk that is not in memory, without its tasks and who asked for them', async () => {
    expect(await statuses.of([taskId])).toEqual([{ task_id: taskId, state: 'ready', attempts: 0, job_status: 'pending' }]);
    expect(asked).toEqual([
      { ids: [`${uuid}.0`], fields: ['job_id', 'count', 'states', 'attempts', 'extras.cancel', 'extras.paused', 'jobs'] },
    ]);
  });

  test('is not read for a chunk that is in memory as it is on disk', async () => {
    const chunk = service.live.add(bundleOf(3));
    chunk.move(1, 'lease');
    expect(await statuses.of([taskId])).toMatchObject([{ task_id: taskId, state: 'leased', job_status: 'running' }]);
    expect(asked).toEqual([]);
  });

  test('is read while the change of a chunk is being written, which can still be void', async () => {
    const chunk = service.live.add(bundleOf(3));
    chunk.move(1, 'lease');
    service.writer.save(chunk);
    expect(await statuses.of([taskId])).toMatchObject([{ task_id: taskId, state: 'ready', job_status: 'pending' }]);
  });
});
