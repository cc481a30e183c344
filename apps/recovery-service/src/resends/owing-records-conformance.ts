import { equal } from 'node:assert/strict';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import { recordSample } from '../records/domain/error-record-sample.js';
import { mayMove, phaseAfter, recordPhases } from '../records/domain/record-lifecycle.js';
import { begin, equalText } from '../records/error-records-conformance.js';
import type { ErrorRecords } from '../records/error-records.js';
import type { FoundOwingRecord, OwingRecords } from './owing-records.js';

interface Owing {
  records: ErrorRecords;
  owing: OwingRecords;
}

const at = (second: number): string => `2026-11-23T06:00:0${second}.000Z`;
const now = Date.parse(at(5));
const firstIntervalMs = 30_000;

/** What every keeper of what is owed promises. It begins without records. */
export const owingPromises: [promise: string, hold: (owing: Owing) => Promise<void>][] = [
  ['gives what is due to go out again, the longest overdue first, so many at a time', givesDue],
  ['tells when the next is due, unless none is', tellsNext],
  ['gives what never went out again and falls between two times, in groups', givesNeverResent],
  ['sets the next time by how often it went out, once', marksResent],
  ['lets go of what is settled', settles],
  ['brings records to where their tasks have ended', concludes],
  ['leaves alone what has changed since it was read', leavesChanged],
];

function foundOf(record: StoredErrorRecord): FoundOwingRecord {
  const { _id, task_id, attempt, phase, next_retry_at, decision, manual_recovery_id, resends, resend_at } = record;
  return { _id, task_id, attempt, phase, next_retry_at, decision, manual_recovery_id, resends, resend_at };
}

async function givesDue({ records, owing }: Owing): Promise<void> {
  const given = [3, 1, 5, 2].map((second, index) => recordSample(index, { resend_at: at(second), resends: index }));
  await begin(records, ...given, recordSample(9, { resend_at: null }));
  const found = async (second: number, limit: number): Promise<FoundOwingRecord[]> =>
    (await owing.due(at(second), limit)).map((record) => foundOf(record as StoredErrorRecord));
  const wanted = (...indexes: number[]): FoundOwingRecord[] => indexes.map((index) => foundOf(given[index] ?? recordSample(99)));
  equalText(await found(0, 9), []);
  equalText(await found(3, 9), wanted(1, 3, 0));
  equalText(await found(9, 2), wanted(1, 3));
}

async function tellsNext({ records, owing }: Owing): Promise<void> {
  await begin(records, recordSample(9, { resend_at: null }));
  equalText(await owing.nextDueAt(), null);
  await begin(records, ...[3, 1, 5].map((second) => recordSample(second, { resend_at: at(second) })));
  equalText(await owing.nextDueAt(), at(1));
}

async function givesNeverResent({ records, owing }: Owing): Promise<void> {
  const given = [1, 2, 3, 4, 5].map((second) => recordSample(second, { resend_at: at(second) }));
  await begin(records, ...given, recordSample(8, { resend_at: at(3), resends: 1 }), recordSample(9, { resend_at: null }));
  const sizes: number[] = [];
  const found: string[] = [];
  for await (const group of owing.neverResent(at(1), at(5), 2)) {
    sizes.push(group.length);
    found.push(...group.map(({ _id }) => _id));
  }
  equalText(sizes, [2, 1]);
  equalText(
    [...found].sort(),
    given.slice(1, 4).map(({ _id }) => _id),
  );
}

async function marksResent({ records, owing }: Owing): Promise<void> {
  const given = [0, 3].map((resends) => recordSample(resends, { resends, resend_at: at(1) }));
  await begin(records, ...given);
  const found = given.map(foundOf);
  await owing.markResent([], now, firstIntervalMs);
  for (let time = 0; time < 2; time += 1) await owing.markResent(found, now, firstIntervalMs);
  const next = ['2026-11-23T06:01:05.000Z', '2026-11-23T06:08:05.000Z'];
  for (const [index, record] of given.entries()) {
    const changed = { resends: record.resends + 1, resend_at: next[index], version: 2 };
    equalText(await records.find(record._id), { ...record, ...changed });
  }
}

async function settles({ records, owing }: Owing): Promise<void> {
  const given = recordSample(1, { resend_at: at(5) });
  await begin(records, given);
  await owing.settle([], now);
  await owing.settle([foundOf(given)], now);
  equalText(await records.find(given._id), { ...given, resend_at: null, version: 2 });
}

async function concludes({ records, owing }: Owing): Promise<void> {
  const moves = ['cancel', 'discard', 'doubt', 'quarantine'] as const;
  const given = moves.map((_, index) => recordSample(index, { resend_at: at(1), phase: 'retrying', version: 4 }));
  await begin(records, ...given);
  const conclusions = moves.map((move, index) => ({
    record: foundOf(given[index] ?? recordSample(99)),
    move,
    attempt: 3,
    why: 'so',
  }));
  await owing.conclude([], now);
  await owing.conclude(conclusions, now);
  for (const [index, move] of moves.entries()) {
    const record = given[index] ?? recordSample(99);
    const { closed_at, ...found } = (await records.find(record._id)) ?? recordSample(99);
    equal(closed_at !== undefined, move === 'cancel');
    equal(found.recovery_status, recordPhases[found.phase].status);
    equalText(found, {
      ...record,
      ...{
        ...phaseAfter(move),
        next_retry_at: null,
        resend_at: null,
        attempt: 3,
        decision: [...record.decision, 'so'],
        version: 5,
      },
      recovery_attempts: [{ timestamp: at(5), method: 'automatic_retry', result: 'failed: so' }],
    });
  }
}

async function leavesChanged({ records, owing }: Owing): Promise<void> {
  const read = [1, 2, 3, 4, 5].map((index) => foundOf(recordSample(index, { resend_at: at(1), phase: 'retrying' })));
  const changed = [
    recordSample(1, { resend_at: at(9), phase: 'retrying' }),
    recordSample(2, { resend_at: null, phase: 'recovered' }),
    recordSample(3, { resend_at: at(1), phase: 'retrying', resends: 1 }),
    recordSample(4, { resend_at: at(1), phase: 'deferred' }),
    recordSample(5, { resend_at: at(1), phase: 'retrying', attempt: 2 }),
  ];
  await begin(records, ...changed);
  await owing.markResent(read, now, firstIntervalMs);
  await owing.conclude(
    read.map((record) => ({ record, move: 'discard' as const, attempt: 3, why: 'so' })),
    now,
  );
  await owing.settle(read, now);
  for (const record of changed) equalText(await records.find(record._id), record);
  // What nobody can bring back is not cancelled either.
  const gone = recordSample(6, { phase: 'recovered', resend_at: at(1) });
  await begin(records, gone);
  equal(mayMove(gone.phase, 'cancel'), false);
  await owing.conclude([{ record: foundOf(gone), move: 'cancel', attempt: 3, why: 'so' }], now);
  equalText(await records.find(gone._id), gone);
}
