import { deepEqual, equal } from 'node:assert/strict';
import { natsActor } from '@kintsugi/contracts';
import type { Deletion, Deletions } from './deletions.js';

/** What every keeper of deletions promises. `deletions` begins without any. */
export const deletionPromises: [promise: string, hold: (deletions: Deletions) => Promise<void>][] = [
  ['gives those that have not come to their end, oldest first', givesUnfinished],
  ['knows the jobs of all, also of those that are done', knowsJobs],
  ['knows no more of a job that is left out of one', leavesOut],
];

function deletionOf(id: string, jobIds: string[]): Deletion {
  return { id, jobIds, requestedBy: natsActor, requestId: 'r' };
}

async function givesUnfinished(deletions: Deletions): Promise<void> {
  for (const id of ['del_1', 'del_2', 'del_3']) await deletions.add(deletionOf(id, [`job_of_${id}`]));
  await deletions.add(deletionOf('del_1', ['job_other']));
  await deletions.noteDone('del_2');
  deepEqual(
    (await deletions.unfinished('', 9)).map(({ id, jobIds }) => [id, ...jobIds]),
    [
      ['del_1', 'job_of_del_1'],
      ['del_3', 'job_of_del_3'],
    ],
  );
  deepEqual(
    (await deletions.unfinished('del_1', 9)).map(({ id }) => id),
    ['del_3'],
  );
  const [first, second] = await deletions.unfinished('', 1);
  deepEqual([first?.requestedBy.name, second], [natsActor.name, undefined]);
}

async function knowsJobs(deletions: Deletions): Promise<void> {
  await deletions.add(deletionOf('del_1', ['job_1', 'job_2']));
  await deletions.noteDone('del_1');
  equal(await deletions.has('job_2'), true);
  equal(await deletions.has('job_3'), false);
}

async function leavesOut(deletions: Deletions): Promise<void> {
  await deletions.add({ ...deletionOf('del_1', ['job_1', 'job_2']), onlyEnded: true });
  await deletions.leaveOut('del_1', ['job_2']);
  deepEqual(
    (await deletions.unfinished('', 9)).map(({ jobIds, onlyEnded }) => [...jobIds, onlyEnded]),
    [['job_1', true]],
  );
  equal(await deletions.has('job_2'), false);
}
