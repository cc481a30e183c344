import { equal } from 'node:assert/strict';
import type { StoredErrorRecord } from './domain/error-record.js';
import { recordSample } from './domain/error-record-sample.js';
import { recoveryAttemptsMax, type RecoveryAttempt } from './domain/recovery-attempt.js';
import { everyPhase, mayMove, recordPhases } from './domain/record-lifecycle.js';
import type { ErrorRecords } from './error-records.js';

const now = '2026-11-23T06:00:00.000Z';
const otherJob = 'job_01890a5d-ac96-774b-bcce-b302099a8058';

/** What every keeper of error records promises. `records` begins without any. */
export const errorRecordPromises: [promise: string, hold: (records: ErrorRecords) => Promise<void>][] = [
  ['gives what was written as it was written', givesWhatWasWritten],
  ['begins a record once, and replaces the version that was read only; the others of a group are written', writesWhatIsExpected],
  ['writes what has changed alike in many, each by the version that was read', writesAlike],
  ['writes a group of nothing', writesNothing],
  ['recovers a record by the run that it names or a later one, whatever its phase', recoversByLaterRuns],
  ['tells what the check of a handler has passed, of this recovery and no earlier one', tellsWhatVerified],
  ['ends timers and the attempt under way with a recovery, and changes what has recovered no more', endsWithRecovery],
  ['ends the unfinished records of cancelled jobs, and no others', cancelsUnfinished],
  ['notes the end of a cancelled job where no attempt was under way, and keeps so many attempts', notesTheEnd],
];

export async function begin(records: ErrorRecords, ...given: StoredErrorRecord[]): Promise<void> {
  equal(await records.write(given.map((next) => ({ previous: null, next }))), true);
}

/** As text: what comes from a driver is of another realm than what a test runner makes. */
export function equalText(found: unknown, wanted: unknown): void {
  equal(JSON.stringify(found, null, 1), JSON.stringify(wanted, null, 1));
}

const late: RecoveryAttempt = { timestamp: now, method: 'automatic_retry', result: 'started' };

/** As many attempts as a record keeps. */
export const fullAttempts: RecoveryAttempt[] = Array.from({ length: recoveryAttemptsMax }, (_, index) => ({
  ...{ timestamp: now, method: 'automatic_retry', result: `failed: ${index}` },
}));

async function givesWhatWasWritten(records: ErrorRecords): Promise<void> {
  const [one, other] = [recordSample(1, { tenant: 'acme', stack_trace: 'at 1' }), recordSample(2)];
  await begin(records, one, other);
  equalText(await records.find(one._id), one);
  equal(await records.find('err_none'), null);
  const found = await records.findMany([other._id, 'err_none', one._id]);
  equalText([...found.keys()].sort(), [one._id, other._id]);
  equalText(found.get(other._id), other);
}

async function writesWhatIsExpected(records: ErrorRecords): Promise<void> {
  const [one, other] = [recordSample(1, { stack_trace: 'at 1' }), recordSample(2)];
  await begin(records, one);
  equal(await records.write([one, other].map((next) => ({ previous: null, next: { ...next, attempt: 7 } }))), false);
  equalText([(await records.find(one._id))?.attempt, (await records.find(other._id))?.attempt], [1, 7]);
  const { stack_trace: _left, ...rest } = one;
  const next = { ...rest, attempt: 2, version: 2 };
  equal(await records.write([{ previous: one, next }]), true);
  equalText(await records.find(one._id), next);
  const third = recordSample(3);
  const outdated = { previous: one, next: { ...one, attempt: 9, version: 2 } };
  equal(await records.write([outdated, { previous: null, next: third }]), false);
  equalText([await records.find(one._id), await records.find(third._id)], [next, third]);
}

async function writesAlike(records: ErrorRecords): Promise<void> {
  const before = [1, 2, 3].map((index) => recordSample(index, { stack_trace: `at ${index}`, closed_at: new Date(0) }));
  await begin(records, ...before);
  const changes = before.map((previous) => {
    const { closed_at: _closed, ...kept } = previous;
    const recovery_attempts = [...previous.recovery_attempts.map((attempt) => ({ ...attempt, result: 'failed' })), late];
    return { previous, next: { ...kept, recovery_attempts, attempt: 2, version: 2 } };
  });
  const outdated = { previous: { ...recordSample(3), version: 7 }, next: { ...recordSample(3), attempt: 9, version: 8 } };
  equal(await records.write([...changes.slice(0, 2), outdated]), false);
  const found = await records.findMany(before.map(({ _id }) => _id));
  equalText(
    [...found.values()].sort((one, other) => (one._id < other._id ? -1 : 1)),
    [...changes.slice(0, 2).map(({ next }) => next), before[2]],
  );
  const standings = await records.standings([before[0]?._id ?? '', 'err_none']);
  equalText(
    [...standings.values()].map(({ attempt, phase, recovery_attempts }) => [attempt, phase, recovery_attempts]),
    [[2, 'deferred', changes[0]?.next.recovery_attempts]],
  );
}

async function writesNothing(records: ErrorRecords): Promise<void> {
  equal(await records.write([]), true);
  await records.recover([]);
}

async function recoversByLaterRuns(records: ErrorRecords): Promise<void> {
  const given = everyPhase.flatMap((phase, index) =>
    [1, 2, 3].map((attempt) => recordSample(10 * index + attempt, { phase, attempt })),
  );
  await begin(records, ...given);
  await records.recover(given.map(({ _id, timestamp }) => ({ _id, timestamp, attempt: 2 })));
  const found = await records.findMany(given.map(({ _id }) => _id));
  for (const { _id, phase, attempt } of given) {
    const moved = mayMove(phase, 'recover') && attempt <= 2;
    equal(found.get(_id)?.version, moved ? 2 : 1, `${phase} of run ${attempt}`);
    equal(found.get(_id)?.phase, moved ? 'recovered' : phase);
  }
}

async function endsWithRecovery(records: ErrorRecords): Promise<void> {
  const [one, other] = [recordSample(1), recordSample(2, { phase: 'outcome_unknown' })];
  await begin(records, one, other);
  for (let time = 0; time < 2; time += 1) {
    await records.recover([one, other].map(({ _id, timestamp }) => ({ _id, timestamp, attempt: 1 })));
  }
  const found = await records.find(one._id);
  const { recovery_status, recovery_attempts, next_retry_at, resend_at, version, closed_at } = found ?? {};
  equalText([recovery_status, next_retry_at, resend_at, version], ['recovered', null, null, 2]);
  equal(closed_at === undefined, false);
  equalText(recovery_attempts, [{ ...one.recovery_attempts[0], result: 'recovered' }]);
  equalText((await records.find(other._id))?.recovery_attempts, []);
}

async function tellsWhatVerified(records: ErrorRecords): Promise<void> {
  const given = [recordSample(1), recordSample(2), recordSample(3, { verified: true })];
  await begin(records, ...given);
  const recoveries = given.map(({ _id, timestamp }, at) => ({
    _id,
    timestamp,
    attempt: 1,
    ...(at === 0 ? { verified: true as const } : {}),
  }));
  await records.recover(recoveries);
  const found = await records.findMany(given.map(({ _id }) => _id));
  equalText(
    given.map(({ _id }) => found.get(_id)?.verified ?? null),
    [true, null, null],
  );
}

async function cancelsUnfinished(records: ErrorRecords): Promise<void> {
  const mine = everyPhase.map((phase, index) => recordSample(index, { phase }));
  const others = everyPhase.map((phase, index) => recordSample(100 + index, { phase, job_id: otherJob }));
  await begin(records, ...mine, ...others);
  await records.cancelJobs(['job_none'], now);
  await records.cancelJobs(['job_none', mine[0]?.job_id ?? ''], now);
  const found = await records.findMany([...mine, ...others].map(({ _id }) => _id));
  for (const record of others) equalText(found.get(record._id), record);
  for (const record of mine) {
    const moved = mayMove(record.phase, 'cancel');
    const { phase, recovery_status, next_retry_at, resend_at, closed_at } = found.get(record._id) ?? record;
    equal(phase, moved ? 'cancelled' : record.phase);
    equal(recovery_status, recordPhases[phase].status);
    if (moved) equalText([next_retry_at, resend_at, closed_at !== undefined], [null, null, true]);
    else equalText(found.get(record._id), record);
  }
}

async function notesTheEnd(records: ErrorRecords): Promise<void> {
  const under = recordSample(1);
  const full = recordSample(2, { phase: 'discarded', recovery_attempts: fullAttempts });
  await begin(records, under, full);
  await records.cancelJobs([under.job_id], now);
  const end = 'failed: the job was cancelled';
  equalText((await records.find(under._id))?.recovery_attempts, [{ ...under.recovery_attempts[0], result: end }]);
  const noted = { timestamp: now, method: 'automatic_retry', result: end };
  equalText((await records.find(full._id))?.recovery_attempts, [...fullAttempts.slice(1), noted]);
}
