import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { JobOutboxEntry, JobRecord } from './domain/job.js';
import type { JobRecords } from './job-records.js';

/** What every keeper of jobs promises. `records` begins without jobs. */
export const jobPromises: [promise: string, hold: (records: JobRecords) => Promise<void>][] = [
  ['takes a job in once', takesOnce],
  ['gives those that have not ended, oldest first', givesUnfinished],
  ['gives the retries of a job', givesRetries],
  ['lets one job hold a unique key, for as long as its state says', holdsUniqueKeys],
  ['makes a move only from where it starts, with its change and its event', makesMoves],
  ['sets the priority of a job that has something to run, and notes when its chunks have followed', setsPriority],
  ['finds the jobs whose time has come, the first first, until they were looked at', findsDue],
  ['notes once what a plan has made', notesPlans],
  ['notes the progress of those that have not ended', notesProgress],
  ['finds jobs whose events wait, until those are cleared', findsOutbox],
];

/** A job of a test. */
export function jobOf(id: string, given: Partial<JobRecord> = {}): JobRecord {
  return {
    ...{
      _id: id,
      type: 't',
      status: 'pending',
      product_id: 'p',
      sending_group_id: 'g',
      user_id: 'u',
      tenant: 'default',
      priority: 5,
    },
    ...{ max_parallel_tasks: null, retry_config: null, resource_limits: null, safety: 'idempotent', labels: {} },
    ...{ total_tasks: 2, chunks: 1, opened: false, task_counts: { ready: 2 }, first_try: 0, recovered: 0, retries: 0 },
    ...{ error_types: {}, task_ms: {}, outcome_ms: {}, created_at: '2026-01-01T00:00:00.000Z' },
    ...{ started_at: null, finished_at: null, events: 0, epoch: 0, outbox: [] },
    ...given,
  };
}

function eventAt(at: number): JobOutboxEntry {
  return { id: `evt_${at}`, name: 'job.started', at, data: { jobs: [{ job_id: 'job_1', started_at: '' }] } };
}

/** As text: what comes from a driver is of another realm than what a test runner makes. */
function equalText(found: unknown, wanted: unknown): void {
  equal(JSON.stringify(found), JSON.stringify(wanted));
}

async function findsDue(records: JobRecords): Promise<void> {
  equal(await records.nextWake(), null);
  for (const [id, at] of [
    ['job_1', 3_000],
    ['job_2', 1_000],
    ['job_3', 2_000],
  ] as const) {
    await records.insert(jobOf(id, { status: 'scheduled', wake_at: new Date(at) }));
  }
  await records.insert(jobOf('job_4'));
  const ids = async (by: number, limit = 9) => (await records.due(new Date(by), limit)).map(({ _id }) => _id);
  equalText(await ids(999), []);
  equalText(await ids(2_000), ['job_2', 'job_3']);
  equalText(await ids(2_000, 1), ['job_2']);
  equal(await records.nextWake(), 1_000);
  await records.noteWoken(jobOf('job_2'), null);
  equalText(await ids(9_000), ['job_3', 'job_1']);
  equal(await records.nextWake(), 2_000);
  await records.noteWoken(jobOf('job_3'), new Date(5_000));
  equalText(await ids(9_000), ['job_1', 'job_3']);
  equalText((await records.scheduledFrom('job_2')).sort(), ['job_2', 'job_3']);
  equalText(
    (await records.unfinished()).map(({ _id }) => _id),
    ['job_4'],
  );
}

async function takesOnce(records: JobRecords): Promise<void> {
  equal(await records.insert(jobOf('job_1', { priority: 7 })), true);
  equal(await records.insert(jobOf('job_1', { priority: 1 })), false);
  equal((await records.find('job_1'))?.priority, 7);
  equal(await records.find('job_2'), null);
}

async function givesUnfinished(records: JobRecords): Promise<void> {
  for (const [id, status] of [
    ['job_3', 'running'],
    ['job_1', 'cancelling'],
    ['job_2', 'completed'],
    ['job_4', 'failed'],
  ] as const) {
    await records.insert(jobOf(id, { status }));
  }
  deepEqual(
    (await records.unfinished()).map(({ _id }) => _id),
    ['job_1', 'job_3'],
  );
}

async function makesMoves(records: JobRecords): Promise<void> {
  await records.insert(jobOf('job_1'));
  equal(await records.apply('job_1', 'finish_cancel', { finished_at: 'x' }, eventAt(1)), null);
  equal(await records.apply('job_2', 'start', {}, null), null);
  const started = await records.apply('job_1', 'start', { started_at: 'then' }, eventAt(2));
  const { status, started_at, events, outbox } = started ?? {};
  equalText([status, started_at, events, outbox?.map(({ id }) => id)], ['running', 'then', 1, ['evt_2']]);
  equalText(await records.find('job_1'), started);
}

async function notesPlans(records: JobRecords): Promise<void> {
  await records.insert(jobOf('job_1', { total_tasks: null, chunks: null }));
  deepEqual(
    [await records.notePlanned('job_1', 9, 2, eventAt(1)), await records.notePlanned('job_1', 8, 1, eventAt(2))],
    [true, false],
  );
  const { total_tasks, chunks, events, outbox } = (await records.find('job_1')) ?? {};
  equalText([total_tasks, chunks, events, outbox?.map(({ id }) => id)], [9, 2, 1, ['evt_1']]);
  await records.noteOpened('job_1');
  equal((await records.find('job_1'))?.opened, true);
}

async function notesProgress(records: JobRecords): Promise<void> {
  await records.insert(jobOf('job_1'));
  await records.insert(jobOf('job_2', { status: 'completed' }));
  const note = { change: { task_counts: { succeeded: 2 }, retries: 3 } };
  await records.noteProgress(['job_1', 'job_2'].map((jobId) => ({ jobId, ...note })));
  // A note may be seen late, but not after what is written durably behind it.
  await records.noteOpened('job_1');
  const [open, ended] = [await records.find('job_1'), await records.find('job_2')];
  equalText([open?.task_counts, open?.retries, ended?.task_counts], [{ succeeded: 2 }, 3, { ready: 2 }]);
}

async function findsOutbox(records: JobRecords): Promise<void> {
  await records.insert(jobOf('job_1', { outbox: [eventAt(5), eventAt(7)] }));
  await records.insert(jobOf('job_2'));
  deepEqual(await records.withOutbox(5, 9), []);
  deepEqual(
    (await records.withOutbox(6, 9)).map(({ _id }) => _id),
    ['job_1'],
  );
  await records.clearOutbox(['job_1'], ['evt_5']);
  equalText(
    (await records.find('job_1'))?.outbox.map(({ id }) => id),
    ['evt_7'],
  );
}

async function setsPriority(records: JobRecords): Promise<void> {
  await records.insert(jobOf('job_1', { status: 'paused' }));
  await records.insert(jobOf('job_2', { status: 'completed' }));
  const event: JobOutboxEntry = { ...eventAt(5), name: 'job.reprioritised' };
  equal(await records.setPriority('job_2', 9, event), null);
  equal(await records.setPriority('job_3', 9, event), null);
  const moving = await records.setPriority('job_1', 9, event);
  deepEqual([moving?.priority, moving?.priority_moving, moving?.outbox.length], [9, true, 1]);
  await records.notePriorityMoved('job_1', 3);
  equal((await records.find('job_1'))?.priority_moving, true);
  await records.notePriorityMoved('job_1', 9);
  equal((await records.find('job_1'))?.priority_moving, undefined);
}

async function givesRetries(records: JobRecords): Promise<void> {
  await records.insert(jobOf('job_1', { status: 'failed' }));
  for (const id of ['job_3', 'job_2']) await records.insert(jobOf(id, { original_job_id: 'job_1', retry_count: 1 }));
  equalText(await records.retriesOf('job_1'), ['job_2', 'job_3']);
  equalText(await records.retriesOf('job_2'), []);
}

async function holdsUniqueKeys(records: JobRecords): Promise<void> {
  const refused = { code: 'UNIQUE_CONFLICT', extras: { holder: 'job_1' } };
  const named = (error: { code: string; extras: { holder?: string } }): boolean =>
    error.code === refused.code && error.extras.holder === refused.extras.holder;
  await records.insert(jobOf('job_1', { unique_hold: 't\tk' }));
  await rejects(records.insert(jobOf('job_2', { unique_hold: 't\tk' })), named);
  equal(await records.find('job_2'), null);
  equal(await records.insert(jobOf('job_1', { unique_hold: 't\tk' })), false);
  equal(await records.insert(jobOf('job_3', { unique_hold: 'other\tk' })), true);
  equal(await records.insert(jobOf('job_4')), true);
  deepEqual([await records.holderOf('t\tk'), await records.holderOf('t\tl')], ['job_1', null]);
  equal(await records.setHold('job_1', null), null);
  await records.apply('job_1', 'fail', { unique_hold: null }, null);
  equal(await records.holderOf('t\tk'), null);
  equal(await records.insert(jobOf('job_2', { unique_hold: 't\tk' })), true);
  const byOther = (error: { extras: { holder?: string } }): boolean => error.extras.holder === 'job_2';
  await rejects(records.setHold('job_1', 't\tk'), byOther);
  await rejects(records.apply('job_1', 'recover', { unique_hold: 't\tk' }, null), byOther);
  equal((await records.find('job_1'))?.status, 'failed');
  await records.apply('job_2', 'complete', { unique_hold: null }, null);
  equal((await records.setHold('job_1', 't\tk'))?.unique_hold, 't\tk');
  equal(await records.holderOf('t\tk'), 'job_1');
}
