import { expect, test } from '@jest/globals';
import { natsActor, type JobStatus } from '@kintsugi/contracts';
import type { JobDirectory } from '../../directory/job-directory.js';
import type { Deletion } from '../../jobs/deletions.js';
import type { DeletionRounds } from '../deletion-rounds.js';
import type { JobSearch } from '../job-search.js';
import { DeleteJobs } from './delete-jobs.js';

const origin = { actor: natsActor, requestId: 'r' };

/** The history lists all of these as ended, and this is how they stand. */
function deleterOf(standing: Record<string, JobStatus | null>) {
  const added: Deletion[] = [];
  const begun: Deletion[] = [];
  const all = Object.keys(standing);
  const search: JobSearch = {
    page: (_, { limit, cursor }) => {
      const from = Number(cursor ?? 0);
      const end = from + limit;
      return Promise.resolve({ jobIds: all.slice(from, end), cursor: end < all.length ? String(end) : null });
    },
    count: () => Promise.resolve(all.length),
  };
  const directory = { open: (id: string) => Promise.resolve(standing[id] ? { status: standing[id] } : null) };
  const rounds = {
    add: (deletion: Deletion) => Promise.resolve(void added.push(deletion)),
    begin: (deletion: Deletion) => Promise.resolve(begun.push(deletion) > 0),
  };
  const deleter = new DeleteJobs(search, directory as unknown as JobDirectory, rounds as unknown as DeletionRounds, {
    uuid: () => 'u',
  });
  return { deleter, added, begun };
}

const request = { filter: { type: 'send', status: ['failed' as const] }, limit: 2, cursor: undefined, dry_run: false };

test('jobs are written down as deleted before they are, some at a time, and the cursor goes on', async () => {
  const { deleter, added, begun } = deleterOf({ a: 'failed', b: 'completed', c: 'failed' });
  const first = await deleter.execute(request, origin);
  expect(first).toEqual({ total: null, deleting: 2, job_ids: ['a', 'b'], next_cursor: '2' });
  const second = await deleter.execute({ ...request, cursor: '2' }, origin);
  expect(second).toEqual({ total: null, deleting: 1, job_ids: ['c'], next_cursor: null });
  expect(added.map(({ jobIds }) => jobIds)).toEqual([['a', 'b'], ['c']]);
  // Whatever runs again by then is not stopped.
  expect(added.map(({ onlyEnded }) => onlyEnded)).toEqual([true, true]);
  expect(begun).toEqual(added);
});

test('a job that runs again, and one that is gone, are left alone though the history has not heard of it', async () => {
  const { deleter, added } = deleterOf({ a: 'running', b: null });
  const answer = await deleter.execute(request, origin);
  expect(answer).toEqual({ total: null, deleting: 0, job_ids: [], next_cursor: null });
  expect(added).toEqual([]);
});

test('a dry run counts all and deletes none', async () => {
  const { deleter, added } = deleterOf({ a: 'failed', b: 'completed', c: 'failed' });
  const answer = await deleter.execute({ ...request, dry_run: true }, origin);
  expect(answer).toEqual({ total: 3, deleting: 0, job_ids: [], next_cursor: null });
  expect(added).toEqual([]);
});
