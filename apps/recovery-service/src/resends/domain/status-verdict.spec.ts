import { describe, expect, test } from '@jest/globals';
import type { TaskState } from '@kintsugi/contracts';
import type { RecordPhase } from '../../records/domain/record-lifecycle.js';
import { verdictOf } from './status-verdict.js';

const recordIn = (phase: RecordPhase, resends = 0) => ({ phase, attempt: 2, resends });
const status = (state: TaskState, attempts = 2) => ({ state, attempts, job_status: 'running' as const });

describe('a command that is due to go out again', () => {
  test.each<[RecordPhase, TaskState, string]>([
    ['deferred', 'failed', 'send'],
    ['deferred', 'waiting_retry', 'settled'],
    ['retrying', 'failed', 'send'],
    ['retrying', 'waiting_retry', 'send'],
    ['retrying', 'ready', 'wait'],
    ['retrying', 'running', 'wait'],
    ['discarded', 'failed', 'send'],
    ['discarded', 'waiting_retry', 'send'],
    ['discarded', 'dead', 'settled'],
    ['quarantined', 'failed', 'send'],
    ['quarantined', 'quarantined', 'settled'],
    ['requeued', 'dead', 'send'],
    ['requeued', 'outcome_unknown', 'send'],
    ['requeued', 'quarantined', 'send'],
    ['requeued', 'ready', 'wait'],
  ])('of a %s record whose task is %s: %s', (phase, state, kind) => {
    expect(verdictOf(recordIn(phase), status(state))).toEqual({ kind });
    // However long it has been: what is owed stays owed.
    expect(verdictOf(recordIn(phase, 10_000), status(state))).toEqual({ kind });
  });

  test.each<RecordPhase>(['deferred', 'retrying', 'discarded', 'requeued'])(
    'of a %s record ends with a task that no longer exists, or whose job was cancelled',
    (phase) => {
      const cancelled = { kind: 'concluded', move: 'cancel', attempt: 2 };
      expect(verdictOf(recordIn(phase), undefined)).toEqual({ ...cancelled, why: 'the job no longer exists' });
      expect(verdictOf(recordIn(phase), status('cancelled'))).toMatchObject(cancelled);
      expect(verdictOf(recordIn(phase), { ...status('dead'), job_status: 'cancelled' })).toMatchObject(cancelled);
    },
  );

  test('ends with the success of its task, of which the event was lost', () => {
    expect(verdictOf(recordIn('retrying'), status('succeeded', 3))).toEqual({ kind: 'recovered', attempt: 3 });
    const inCancelledJob = { ...status('succeeded', 3), job_status: 'cancelled' as const };
    expect(verdictOf(recordIn('retrying'), inCancelledJob)).toEqual({ kind: 'recovered', attempt: 3 });
  });

  test.each<[TaskState, string]>([
    ['outcome_unknown', 'doubt'],
    ['quarantined', 'quarantine'],
    ['dead', 'discard'],
  ])('ends with a later run that is %s, once the event must have been lost', (state, move) => {
    expect(verdictOf(recordIn('retrying', 6), status(state, 3))).toEqual({ kind: 'wait' });
    expect(verdictOf(recordIn('retrying', 7), status(state, 3))).toMatchObject({ kind: 'concluded', move, attempt: 3 });
  });

  test('waits while a later run is under way or undecided', () => {
    for (const state of ['leased', 'running', 'failed', 'waiting_retry'] as const) {
      expect(verdictOf(recordIn('retrying', 10_000), status(state, 3))).toEqual({ kind: 'wait' });
    }
  });
});
