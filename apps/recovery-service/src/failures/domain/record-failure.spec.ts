import { describe, expect, test } from '@jest/globals';
import { errorRecordIdOf, operations, type LostTask } from '@kintsugi/contracts';
import type { Decision } from '../../policies/domain/retry-decision.js';
import { toErrorRecord, type StoredErrorRecord } from '../../records/domain/error-record.js';
import { failureSample } from '../../records/domain/error-record-sample.js';
import type { Failure } from '../../records/domain/failure.js';
import { noveltyOf, recordFailure } from './record-failure.js';
import { everyPhase } from '../../records/domain/record-lifecycle.js';

const now = Date.parse('2026-11-23T06:00:00.000Z');
const times = { now, resendAt: now + 30_000 };
const fingerprint = { group_id: `grp_${'0'.repeat(32)}`, group_title: 'greylisted' };
const retry: Decision = { kind: 'retry', notBefore: now + 5_000, uncounted: false, why: ['scheduled in 5 s'] };
const discard: Decision = { kind: 'discard', step: 'attempts', failsJob: false, why: ['attempts left: none of 4'] };

const failure = failureSample();
const loss: LostTask = { ...failure, state: 'outcome_unknown' };

function recorded(
  decision: Decision = retry,
  given: Failure = failure,
  previous: StoredErrorRecord | null = null,
): StoredErrorRecord {
  return recordFailure(previous, given, fingerprint, decision, times);
}

describe('the record of a failure', () => {
  test('begins with the first failure, its timer and its command owed', () => {
    expect(recorded()).toMatchObject({
      _id: errorRecordIdOf(failure.task_id),
      timestamp: failure.failed_at,
      retry_count: 0,
      phase: 'deferred',
      recovery_status: 'in_progress',
      recovery_attempts: [{ timestamp: '2026-11-23T06:00:00.000Z', method: 'automatic_retry', result: 'scheduled' }],
      decision: ['scheduled in 5 s'],
      next_retry_at: '2026-11-23T06:00:05.000Z',
      resend_at: '2026-11-23T06:00:30.000Z',
      version: 1,
    });
  });

  test('of a task that is tried again at once is written as ordered, with no timer', () => {
    const next = recorded({ ...retry, notBefore: times.now }, { ...failure, attempt: 2 }, { ...recorded(), retry_count: 1 });
    expect(next).toMatchObject({ phase: 'retrying', retry_count: 2, next_retry_at: null, resend_at: '2026-11-23T06:00:30.000Z' });
    expect(next.recovery_attempts.at(-1)?.result).toBe('started');
    expect(next.failed_runs.at(-1)?.retry_delay_ms).toBe(0);
  });

  test('has no timer once the task is discarded', () => {
    expect(recorded(discard)).toMatchObject({
      phase: 'discarded',
      recovery_status: 'failed',
      next_retry_at: null,
      recovery_attempts: [],
    });
  });

  test.each([
    ['outcome_unknown', 'outcome_unknown'],
    ['quarantined', 'quarantined'],
  ] as const)('waits for a person when the task is left %s, with nothing to send', (state, phase) => {
    const decision: Decision = { kind: 'wait_for_person', state, why: ['a person decides'] };
    expect(recorded(decision, { ...loss, state })).toMatchObject({
      phase,
      recovery_status: 'pending',
      next_retry_at: null,
      resend_at: null,
    });
  });

  test('tells the end of the attempt before, and counts its versions', () => {
    const next = recorded(discard, { ...failure, attempt: 2, failures: 2 }, { ...recorded(), phase: 'retrying', retry_count: 1 });
    expect(next).toMatchObject({ attempt: 2, retry_count: 1, version: 2 });
    expect(next.recovery_attempts.map(({ result }) => result)).toEqual(['failed: smtp.451']);
  });

  test('tells every run that failed and how long its retry was to wait, each run once', () => {
    const first = recorded(retry, { ...failure, failed_at: '2026-11-23T05:59:00.000Z' });
    const lost = recorded({ kind: 'wait_for_person', state: 'outcome_unknown', why: [] }, { ...loss, attempt: 2 }, first);
    const cleared = recorded(discard, { ...failure, attempt: 2, error_type: 'net.reset' }, lost);
    expect(cleared.failed_runs).toMatchObject([
      { attempt: 1, failed_at: '2026-11-23T05:59:00.000Z', error_type: 'smtp.451', retry_delay_ms: 5_000 },
      { attempt: 2, failed_at: failure.failed_at, error_type: 'net.reset', retry_delay_ms: null },
    ]);
    expect(cleared.failed_runs).toHaveLength(2);
  });

  test('keeps of each run where it was, of which version, how long, and what failed behind it', () => {
    const told = { took_ms: 12.5, worker: 'mail-1', host: 'north', version: '2.1', dependency: 'relay' };
    const first = recorded(retry, { ...failure, ...told, labels: { dependency: 'mail' } });
    const second = recorded(retry, { ...failure, attempt: 2, labels: { dependency: 'mail' } }, first);
    const { group_id } = first;
    expect(second.failed_runs).toMatchObject([
      { attempt: 1, group_id, ...told },
      { attempt: 2, group_id, dependency: 'mail' },
    ]);
    expect(Object.keys(second.failed_runs[1] ?? {})).not.toContain('version');
  });

  test('keeps what a person has forgiven, and bounds what it keeps', () => {
    let record = { ...recorded(), forgiven_failures: 3 };
    for (let attempt = 2; attempt < 250; attempt += 1) record = recorded(retry, { ...failure, attempt }, record);
    expect(record.forgiven_failures).toBe(3);
    expect(record.recovery_attempts).toHaveLength(100);
    expect(record.failed_runs.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 100 }, (_, index) => 150 + index));
    const long = recorded(retry, { ...failure, error_message: 'x'.repeat(9_000), stack_trace: 'y'.repeat(90_000) });
    expect([long.error_message.length, long.stack_trace?.length]).toEqual([2_000, 8_000]);
  });

  test('takes its own time for one that cannot be read', () => {
    expect(recorded(retry, { ...failure, failed_at: 'yesterday' }).timestamp).toBe('2026-11-23T06:00:00.000Z');
  });

  test('is told to the outside in the shape of the contract', () => {
    const shown = toErrorRecord(recorded());
    expect(operations.getError.response.parse(shown)).toEqual(shown);
  });
});

describe('the novelty of a failure', () => {
  test('is given by the attempt', () => {
    const record = { ...recorded(), attempt: 3 };
    expect(noveltyOf(null, failure)).toBe('newer');
    expect([2, 3, 4].map((attempt) => noveltyOf(record, { ...failure, attempt }))).toEqual(['late', 'repeat', 'newer']);
  });

  test('of a clear end after an unclear one of the same run is given, and only then', () => {
    const novelties = everyPhase.map((phase) => [phase, noveltyOf({ ...recorded(), phase }, failure)] as const);
    expect(novelties.filter(([, novelty]) => novelty === 'newer')).toEqual([['outcome_unknown', 'newer']]);
    expect(noveltyOf({ ...recorded(), phase: 'outcome_unknown' }, loss)).toBe('repeat');
  });
});
