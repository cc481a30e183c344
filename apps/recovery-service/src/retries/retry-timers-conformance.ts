import { equal } from 'node:assert/strict';
import { recordSample } from '../records/domain/error-record-sample.js';
import { everyPhase, mayMove } from '../records/domain/record-lifecycle.js';
import { begin, equalText } from '../records/error-records-conformance.js';
import type { ErrorRecords } from '../records/error-records.js';
import type { DueRetry, RetryTimers } from './retry-timers.js';

interface Timed {
  records: ErrorRecords;
  timers: RetryTimers;
}

const at = (second: number): string => `2026-11-23T06:00:0${second}.000Z`;
const resendAt = '2026-11-23T06:00:40.000Z';

/** What every keeper of retry timers promises. It begins without records. */
export const timerPromises: [promise: string, hold: (timed: Timed) => Promise<void>][] = [
  ['gives what is due, the longest overdue first, so many at a time', givesDue],
  ['knows when the next is due', knowsNext],
  ['ends the timers of what was ordered, and has the command owed', endsTimers],
  ['leaves alone a timer that was set anew, and a record that has moved on', leavesOthers],
];

function dueOf(index: number, given: Partial<DueRetry> = {}): DueRetry {
  const { _id, task_id, timestamp, attempt } = recordSample(index);
  return { _id, task_id, timestamp, attempt, next_retry_at: at(1), ...given };
}

async function givesDue({ records, timers }: Timed): Promise<void> {
  const due = [3, 1, 5, 2].map((second, index) => recordSample(index, { next_retry_at: at(second) }));
  await begin(records, ...due, recordSample(9, { phase: 'discarded' }));
  const given = async (second: number, limit: number): Promise<(string | number)[][]> =>
    (await timers.due(at(second), limit)).map(({ _id, task_id, attempt, next_retry_at }) => [
      _id,
      task_id,
      attempt,
      next_retry_at,
    ]);
  const wanted = (...indexes: number[]): (string | number | null | undefined)[][] =>
    indexes.map((index) => [due[index]?._id, due[index]?.task_id, 1, due[index]?.next_retry_at].map((value) => value ?? null));
  equalText(await given(0, 9), []);
  equalText(await given(3, 9), wanted(1, 3, 0));
  equalText(await given(9, 2), wanted(1, 3));
}

async function knowsNext({ records, timers }: Timed): Promise<void> {
  equal(await timers.nextDueAt(), null);
  await begin(records, recordSample(1, { next_retry_at: at(5) }), recordSample(2, { next_retry_at: at(4) }));
  await begin(records, recordSample(3, { phase: 'retrying' }));
  equal(await timers.nextDueAt(), at(4));
}

async function endsTimers({ records, timers }: Timed): Promise<void> {
  const [one, later] = [
    recordSample(1, { next_retry_at: at(1) }),
    recordSample(2, { next_retry_at: at(1), attempt: 3, resends: 4 }),
  ];
  await begin(records, one, later);
  await timers.markStarted([], at(1), resendAt);
  await timers.markStarted([dueOf(1), dueOf(2, { attempt: 3 })], at(1), resendAt);
  for (const record of [one, later]) {
    equalText(await records.find(record._id), {
      ...record,
      ...{ phase: 'retrying', next_retry_at: null, resend_at: resendAt, resends: 0, retry_count: 1, version: 2 },
      recovery_attempts: [{ ...record.recovery_attempts[0], result: 'started' }],
    });
  }
  equal(await timers.nextDueAt(), null);
}

async function leavesOthers({ records, timers }: Timed): Promise<void> {
  const anew = recordSample(1, { next_retry_at: at(5) });
  const failedAgain = recordSample(2, { next_retry_at: at(1), attempt: 2 });
  const moved = everyPhase
    .filter((phase) => !mayMove(phase, 'start'))
    .map((phase, index) => recordSample(10 + index, { phase, next_retry_at: at(1) }));
  const given = [anew, failedAgain, ...moved];
  await begin(records, ...given);
  await timers.markStarted(
    given.map(({ _id, task_id, timestamp }) => ({ _id, task_id, timestamp, attempt: 1, next_retry_at: at(1) })),
    at(4),
    resendAt,
  );
  for (const record of given) equalText(await records.find(record._id), record);
}
