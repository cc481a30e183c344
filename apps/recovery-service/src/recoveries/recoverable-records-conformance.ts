import { equal } from 'node:assert/strict';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { recordSample, taskSample } from '../records/domain/error-record-sample.js';
import { everyPhase } from '../records/domain/record-lifecycle.js';
import { begin, equalText, fullAttempts } from '../records/error-records-conformance.js';
import type { ErrorRecords } from '../records/error-records.js';
import type { RecoverableRecords, RecoveryClaim } from './recoverable-records.js';

interface Recoverable {
  records: ErrorRecords;
  recoverable: RecoverableRecords;
}

const now = '2026-11-23T06:00:10.000Z';
const resendAt = '2026-11-23T06:00:40.000Z';
const otherJob = 'job_01890a5d-ac96-774b-bcce-b302099a8058';
const { group_id: groupId, job_id: jobId } = recordSample(0);
const all = { group_id: groupId, job_id: undefined, tenant: undefined };

/** What every keeper of what a person may bring back promises. It begins without records. */
export const recoverablePromises: [promise: string, hold: (kept: Recoverable) => Promise<void>][] = [
  ['knows whether a group is there, as a whole, for a job and for a tenant', knowsGroups],
  ['gives what of a group has not recovered, newest first, a page at a time', givesPages],
  ['takes over what is in the given phases, and gives their tasks', claims],
  ['gives each record to one of two who ask at once', givesOnce],
  ['takes nothing twice for one recovery, nor what has failed anew since it was found', takesOnce],
  ['counts what has not recovered, up to a limit', counts],
  ['ends timers with a takeover, and has the failures so far forgiven', forgives],
  ['notes what was refused, in so many attempts', notesRefusals],
  ['says in the place of a note what has become of it, once', movesNotes],
];

function claimOf(records: RecoveryClaim['records'], given: Partial<RecoveryClaim> = {}): RecoveryClaim {
  return { records, phases: ['discarded'], manualRecoveryId: 'rcv_1', now, resendAt, ...given };
}

async function knowsGroups({ records, recoverable }: Recoverable): Promise<void> {
  equal(await recoverable.exist(all), false);
  await begin(records, recordSample(1), recordSample(2, { tenant: 'acme', job_id: otherJob }));
  const exists = [
    { ...all },
    { ...all, job_id: jobId },
    { ...all, job_id: otherJob, tenant: 'acme' },
    { ...all, tenant: DEFAULT_TENANT },
    { ...all, job_id: otherJob, tenant: DEFAULT_TENANT },
    { ...all, job_id: 'job_none' },
    { ...all, group_id: 'grp_none' },
  ].map((part) => recoverable.exist(part));
  equalText(await Promise.all(exists), [true, true, true, true, false, false, false]);
}

async function givesPages({ records, recoverable }: Recoverable): Promise<void> {
  const timestamp = '2026-11-23T06:00:00.000Z';
  const phases = everyPhase.map((phase, index) => recordSample(index, { phase, timestamp }));
  const elsewhere = [recordSample(50, { group_id: 'grp_other' }), recordSample(51, { job_id: otherJob, tenant: 'acme' })];
  await begin(records, ...phases, ...elsewhere);
  const found: string[] = [];
  for (let place: { timestamp: string; id: string } | null = null; ;) {
    const page = await recoverable.unrecovered({ ...all, tenant: DEFAULT_TENANT }, place, 3);
    found.push(...page.map(({ phase }) => phase));
    const last = page.at(-1);
    if (!last || page.length < 3) break;
    place = { timestamp: last.timestamp, id: last._id };
  }
  equalText(found, everyPhase.filter((phase) => phase !== 'recovered').toReversed());
  const [only] = await recoverable.unrecovered({ ...all, job_id: otherJob }, null, 9);
  const { _id, timestamp: failedAt, phase, error_type, error_message, attempt, job_type, task_id } = only ?? recordSample(0);
  const wanted = elsewhere[1] ?? recordSample(0);
  equalText(
    [_id, failedAt, phase, error_type, error_message, attempt, job_type, task_id],
    [wanted._id, wanted.timestamp, 'deferred', 'smtp.451', 'greylisted', 1, 'smtp.send', taskSample(51)],
  );
}

async function claims({ records, recoverable }: Recoverable): Promise<void> {
  const phases = everyPhase.map((phase, index) => recordSample(index, { phase, attempt: index + 1 }));
  await begin(records, ...phases);
  const none = { _id: 'err_none', attempt: 1 };
  const tasks = await recoverable.claim(claimOf([...phases, none], { phases: ['discarded', 'deferred'] }));
  const taken = phases.filter(({ phase }) => phase === 'discarded' || phase === 'deferred');
  const byTask = (one: { task_id: string }, other: { task_id: string }): number => (one.task_id < other.task_id ? -1 : 1);
  equalText(
    [...tasks].sort(byTask).map(({ task_id, attempt }) => [task_id, attempt]),
    [...taken].sort(byTask).map(({ task_id, attempt }) => [task_id, attempt]),
  );
  for (const record of phases) {
    if (!taken.includes(record)) equalText(await records.find(record._id), record);
  }
}

async function givesOnce({ records, recoverable }: Recoverable): Promise<void> {
  const given = Array.from({ length: 20 }, (_, index) => recordSample(index, { phase: 'discarded' }));
  await begin(records, ...given);
  const taken = await Promise.all(
    ['rcv_1', 'rcv_2'].map((manualRecoveryId) => recoverable.claim(claimOf(given, { manualRecoveryId }))),
  );
  equal(new Set(taken.flat().map(({ task_id }) => task_id)).size, 20);
  equal(taken.flat().length, 20);
}

async function takesOnce({ records, recoverable }: Recoverable): Promise<void> {
  const [one, other] = [recordSample(1, { phase: 'discarded' }), recordSample(2, { phase: 'discarded', attempt: 3 })];
  await begin(records, one, other);
  const claim = claimOf([one, { ...other, attempt: 2 }], { phases: everyPhase });
  const first = await recoverable.claim(claim);
  equalText(first, [{ task_id: one.task_id, attempt: 1 }]);
  equalText(await recoverable.claim(claim), first);
  equal((await records.find(one._id))?.retry_count, 1);
  equalText(await records.find(other._id), other);
}

async function counts({ records, recoverable }: Recoverable): Promise<void> {
  await begin(records, ...everyPhase.map((phase, index) => recordSample(index, { phase })));
  equal(await recoverable.countUnrecovered(all, 100), everyPhase.length - 1);
  equal(await recoverable.countUnrecovered(all, 3), 3);
  equalText(await recoverable.newestUnrecovered(all, 3), await recoverable.unrecovered(all, null, 3));
  equal(await recoverable.countUnrecovered({ ...all, error_type: 'net.*' }, 100), 0);
}

async function forgives({ records, recoverable }: Recoverable): Promise<void> {
  const given = recordSample(1, { attempt: 4, failures: 3, forgiven_failures: 1, retry_count: 2, resends: 5 });
  const full = recordSample(2, { phase: 'discarded', recovery_attempts: fullAttempts });
  await begin(records, given, full);
  await recoverable.claim(claimOf([given, full], { phases: ['deferred', 'discarded'] }));
  const found = await records.find(given._id);
  equalText(found, {
    ...given,
    ...{ phase: 'requeued', recovery_status: 'in_progress', next_retry_at: null, resend_at: resendAt, resends: 0 },
    ...{ manual_recovery_id: 'rcv_1', forgiven_failures: 3, retry_count: 3, version: 2 },
    recovery_attempts: [
      { ...given.recovery_attempts[0], result: 'refused: a manual recovery took its place' },
      { timestamp: now, method: 'manual_recover', result: 'started', recovery_id: 'rcv_1' },
    ],
  });
  const started = { timestamp: now, method: 'manual_recover', result: 'started', recovery_id: 'rcv_1' };
  equalText((await records.find(full._id))?.recovery_attempts, [...fullAttempts.slice(1), started]);
}

async function notesRefusals({ records, recoverable }: Recoverable): Promise<void> {
  const [one, full] = [recordSample(1), recordSample(2, { recovery_attempts: fullAttempts })];
  await begin(records, one, full);
  await recoverable.noteAttempt([one._id, full._id, 'err_none'], 'refused: so', now);
  const noted = { timestamp: now, method: 'manual_recover', result: 'refused: so' };
  equalText(await records.find(one._id), { ...one, recovery_attempts: [...one.recovery_attempts, noted], version: 2 });
  equalText((await records.find(full._id))?.recovery_attempts, [...fullAttempts.slice(1), noted]);
}

async function movesNotes({ records, recoverable }: Recoverable): Promise<void> {
  const [one, other] = [recordSample(1), recordSample(2)];
  await begin(records, one, other);
  await recoverable.noteAttempt([one._id], 'waiting: so', now);
  for (let time = 0; time < 2; time += 1) await recoverable.moveNote(one._id, 'waiting: so', 'waited: so');
  await recoverable.moveNote(other._id, 'waiting: so', 'waited: so');
  await recoverable.moveNote('err_none', 'waiting: so', 'waited: so');
  const noted = { timestamp: now, method: 'manual_recover', result: 'waited: so' };
  equalText(await records.find(one._id), { ...one, recovery_attempts: [...one.recovery_attempts, noted], version: 3 });
  equalText(await records.find(other._id), other);
}
