import { describe, expect, test } from '@jest/globals';
import { everyPhase, type RecordPhase } from '../../records/domain/record-lifecycle.js';
import type { RecordStanding } from '../../recoveries/domain/recovery-refusal.js';
import { outcomeOf, wasRun } from './item-outcome.js';

const standing = (phase: RecordPhase, attempt: number, manual_recovery_id: string | null = null): RecordStanding => ({
  ...{ _id: 'err_1', phase, attempt, error_type: 'smtp.550', manual_recovery_id },
});

describe('what has become of a record', () => {
  test('is open, whatever its phase, while no later run has failed for good', () => {
    for (const phase of everyPhase.filter((phase) => phase !== 'recovered' && phase !== 'cancelled')) {
      expect(outcomeOf(standing(phase, 3), 3)).toBeNull();
    }
    for (const phase of ['deferred', 'retrying', 'requeued'] as const) expect(outcomeOf(standing(phase, 4), 3)).toBeNull();
  });

  test.each([
    ['recovered', 3, { to: 'recovered', reason: null }],
    ['discarded', 4, { to: 'failed', reason: 'smtp.550' }],
    ['quarantined', 4, { to: 'failed', reason: 'smtp.550' }],
    ['outcome_unknown', 4, { to: 'failed', reason: 'smtp.550' }],
    ['cancelled', 3, { to: 'refused', reason: 'its job was cancelled, or no longer exists' }],
  ] as const)('of one that is %s after run %i', (phase, attempt, outcome) => {
    expect(outcomeOf(standing(phase, attempt), 3)).toEqual(outcome);
  });

  test('of one that is gone', () => {
    expect(outcomeOf(undefined, 3)).toMatchObject({ to: 'refused' });
  });
});

test('a record was run where it is the recovery that has it, or it has gone on since', () => {
  expect(wasRun(standing('requeued', 3, 'rcv_1'), 'rcv_1', 3)).toBe(true);
  expect(wasRun(standing('discarded', 4), 'rcv_1', 3)).toBe(true);
  expect(wasRun(standing('recovered', 3), 'rcv_1', 3)).toBe(true);
  expect(wasRun(standing('discarded', 3), 'rcv_1', 3)).toBe(false);
  expect(wasRun(standing('requeued', 3, 'rcv_2'), 'rcv_1', 3)).toBe(false);
  expect(wasRun(undefined, 'rcv_1', 3)).toBe(false);
});
