import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { everyPhase, mayMove, type RecordPhase } from '../../records/domain/record-lifecycle.js';
import { recoverablePhases, recoveryRefusal, type RecoverableRecord, type RecoveryTerms } from './recovery-refusal.js';

const record: RecoverableRecord = {
  _id: 'err_01890a5d-ac96-774b-bcce-b302099a8057.0.3',
  phase: 'discarded',
  error_type: 'smtp.550',
  error_message: 'unknown user',
  attempt: 1,
  failures: 1,
  timestamp: '2026-11-23T06:00:00.000Z',
  job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8057',
  job_type: 'smtp.send',
  task_id: 'task_01890a5d-ac96-774b-bcce-b302099a8057.0.3',
};
const terms: RecoveryTerms = { force: false, conditions: [], jobCancelled: false };

const refusalIn = (phase: RecordPhase, change: Partial<RecoveryTerms> = {}) =>
  recoveryRefusal({ ...record, phase }, { ...terms, ...change });

describe('a manual recovery', () => {
  test.each<[RecordPhase, boolean, boolean]>([
    ['discarded', true, true],
    ['quarantined', true, true],
    ['deferred', false, true],
    ['retrying', false, true],
    ['requeued', false, true],
    ['outcome_unknown', false, true],
    ['recovered', false, false],
    ['cancelled', false, false],
  ])('of a record that is %s: granted %s, by force %s', (phase, granted, byForce) => {
    expect(refusalIn(phase) === null).toBe(granted);
    expect(refusalIn(phase, { force: true }) === null).toBe(byForce);
  });

  test('is refused of a task that has been run as often as runs are told apart, force or not', () => {
    for (const [attempt, refused] of [
      [limits.runsToldApart - 1, false],
      [limits.runsToldApart, true],
    ] as const) {
      const refusal = recoveryRefusal({ ...record, attempt }, { ...terms, force: true });
      expect(refusal?.includes('retryJob') ?? false).toBe(refused);
    }
  });

  test('is refused when the job was cancelled, force or not', () => {
    expect(refusalIn('discarded', { jobCancelled: true, force: true })).toMatch(/cancelled/);
  });

  test('is refused when a condition does not hold', () => {
    const conditions = [{ field: 'error_message' as const, operator: 'contains' as const, value: 'busy' }];
    expect(refusalIn('discarded', { conditions })).toMatch(/error_message contains/);
    expect(recoveryRefusal({ ...record, error_message: 'busy' }, { ...terms, conditions })).toBeNull();
  });

  test('takes over exactly from the phases that it grants, each of which may move', () => {
    for (const force of [false, true]) {
      expect(new Set(recoverablePhases(force))).toEqual(
        new Set(everyPhase.filter((phase) => refusalIn(phase, { force }) === null)),
      );
      expect(recoverablePhases(force).every((phase) => mayMove(phase, 'requeue'))).toBe(true);
    }
  });
});
