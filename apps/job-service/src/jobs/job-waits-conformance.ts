import { deepEqual, equal } from 'node:assert/strict';
import { awaitOf, type AwaitedEnd } from './domain/awaits-of-job.js';
import type { JobRecord } from './domain/job.js';
import type { JobRecords } from './job-records.js';
import type { JobWaits } from './job-waits.js';
import { jobOf } from './job-records-conformance.js';

interface Kept {
  records: JobRecords;
  waits: JobWaits;
}

/** What everybody promises who keeps what jobs wait for. It begins without jobs. */
export const jobWaitPromises: [promise: string, hold: (kept: Kept) => Promise<void>][] = [
  ['tells how jobs stand, and leaves out those that there are not', tellsStandings],
  ['frees all that wait for an end, once nothing else is left to wait for', freesAll],
  ['has those given up that wait in vain, and lets others go on that take any end', givesUp],
  ['leaves alone what waits no more, and what is not asked about', leavesOthers],
  ['gives the jobs that wait, a page at a time', givesWaiting],
  ['gives those that wait for one of some jobs, and no more than asked for', givesWaitingFor],
  ['does not take back a look at a job that was freed meanwhile', keepsFreed],
];

const now = new Date(5_000);
const [done, any] = [awaitOf('job_a', 'completed'), awaitOf('job_a', 'finished')];

function waitingOn(id: string, awaits: string[], given: Partial<JobRecord> = {}): JobRecord {
  return jobOf(id, { status: 'scheduled', awaits, ...given });
}

function ended(became: AwaitedEnd['became']): AwaitedEnd[] {
  return [{ jobId: 'job_a', became }];
}

async function shown({ records }: Kept, ...ids: string[]): Promise<unknown[]> {
  const found = await Promise.all(ids.map((id) => records.find(id)));
  return found.map((job) => [...(job?.awaits ?? []), job?.wake_at?.getTime() ?? null, job?.given_up?.became ?? null]);
}

async function tellsStandings({ records, waits }: Kept): Promise<void> {
  await records.insert(jobOf('job_a', { status: 'failed', tenant: 'acme' }));
  const standings = await waits.standings(['job_a', 'job_b']);
  equal(JSON.stringify([...standings]), JSON.stringify([['job_a', { status: 'failed', tenant: 'acme' }]]));
}

async function freesAll(kept: Kept): Promise<void> {
  const { records, waits } = kept;
  const other = awaitOf('job_b', 'completed');
  await records.insert(waitingOn('job_1', [done]));
  await records.insert(waitingOn('job_2', [other, any]));
  await records.insert(waitingOn('job_3', [any], { status: 'paused', wake_at: new Date(9_000) }));
  for (let time = 0; time < 2; time += 1) await waits.settle(ended('completed'), now);
  deepEqual(await shown(kept, 'job_1', 'job_2', 'job_3'), [
    [5_000, null],
    [other, null, null],
    [5_000, null],
  ]);
  equal((await records.find('job_1'))?.freed_at?.getTime(), 5_000);
  equal((await records.find('job_2'))?.freed_at, undefined);
}

async function givesUp(kept: Kept): Promise<void> {
  const { records, waits } = kept;
  const other = awaitOf('job_b', 'completed');
  await records.insert(waitingOn('job_1', [other, done]));
  await records.insert(waitingOn('job_2', [any]));
  await waits.settle(ended('cancelled'), now);
  deepEqual(await shown(kept, 'job_1', 'job_2'), [
    [5_000, 'cancelled'],
    [5_000, null],
  ]);
  equal((await records.find('job_1'))?.given_up?.job_id, 'job_a');
}

async function leavesOthers(kept: Kept): Promise<void> {
  const { records, waits } = kept;
  await records.insert(waitingOn('job_1', [done], { status: 'cancelling' }));
  await records.insert(waitingOn('job_2', [done]));
  await records.insert(waitingOn('job_3', [done]));
  await waits.settle(ended('failed'), now, 'job_3');
  deepEqual(await shown(kept, 'job_1', 'job_2', 'job_3'), [
    [done, null, null],
    [done, null, null],
    [5_000, 'failed'],
  ]);
}

async function givesWaiting({ records, waits }: Kept): Promise<void> {
  for (const id of ['job_3', 'job_1', 'job_2']) await records.insert(waitingOn(id, [done, any]));
  await records.insert(waitingOn('job_4', []));
  await records.insert(waitingOn('job_5', [done], { status: 'cancelled' }));
  const page = async (after: string, limit: number) => JSON.stringify(await waits.waiting(after, limit));
  equal(await page('', 2), JSON.stringify(['job_1', 'job_2'].map((_id) => ({ _id, awaits: [done, any] }))));
  equal(await page('job_2', 2), JSON.stringify([{ _id: 'job_3', awaits: [done, any] }]));
}

async function givesWaitingFor({ records, waits }: Kept): Promise<void> {
  const other = awaitOf('job_b', 'completed');
  await records.insert(waitingOn('job_3', [other, any], { tenant: 'acme', parent_job_id: 'job_a' }));
  await records.insert(waitingOn('job_1', [done], { status: 'paused' }));
  await records.insert(waitingOn('job_2', [other]));
  await records.insert(waitingOn('job_4', [done], { status: 'cancelled' }));
  const found = (await waits.waitingFor(['job_a', 'job_c'], 9)).sort((one, two) => (one._id < two._id ? -1 : 1));
  equal(
    JSON.stringify(found.map(({ _id, awaits, status, tenant, parent_job_id }) => [_id, awaits, status, tenant, parent_job_id])),
    JSON.stringify([
      ['job_1', [done], 'paused', jobOf('job_1').tenant, undefined],
      ['job_3', [other, any], 'scheduled', 'acme', 'job_a'],
    ]),
  );
  equal((await waits.waitingFor(['job_a', 'job_b'], 2)).length, 2);
}

async function keepsFreed(kept: Kept): Promise<void> {
  const { records, waits } = kept;
  const seen = waitingOn('job_1', [done], { wake_at: new Date(4_000) });
  await records.insert(seen);
  await waits.settle(ended('completed'), now);
  await records.noteWoken(seen, null);
  deepEqual(await shown(kept, 'job_1'), [[5_000, null]]);
  await records.noteWoken({ ...seen, awaits: [] }, null);
  deepEqual(await shown(kept, 'job_1'), [[null, null]]);
}
