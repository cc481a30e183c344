import { describe, expect, test } from '@jest/globals';
import type { JobStatus, RecoveryCondition, Role } from '@kintsugi/contracts';
import { lookAt, type WaitFacts } from './recovery-wait.js';

const job_id = 'job_01890a5d-ac96-774b-bcce-b302099a8057';

function factsAt(time: string, given: Partial<WaitFacts> = {}): WaitFacts {
  return {
    now: Date.parse(`2026-11-23T${time}:00.000Z`),
    approvals: [],
    hasFailed: false,
    jobStatus: null,
    held: false,
    ...given,
  };
}

describe('what a recovery waits for', () => {
  test.each([
    ['09:00', '17:00', '08:59', false],
    ['09:00', '17:00', '09:00', true],
    ['09:00', '17:00', '16:59', true],
    ['09:00', '17:00', '17:00', false],
    ['22:00', '06:00', '23:30', true],
    ['22:00', '06:00', '00:00', true],
    ['22:00', '06:00', '06:00', false],
    ['22:00', '06:00', '12:00', false],
  ])('a window from %s to %s at %s: %s', (from, to, time, holds) => {
    expect(lookAt({ kind: 'window', from, to, time_zone: 'UTC' }, factsAt(time))).toMatchObject({ holds, isLost: false });
  });

  test('a window is of its time zone', () => {
    const condition: RecoveryCondition = { kind: 'window', from: '09:00', to: '10:00', time_zone: 'Asia/Tokyo' };
    expect(lookAt(condition, factsAt('00:30')).holds).toBe(true);
    expect(lookAt(condition, factsAt('09:30')).holds).toBe(false);
  });

  test.each<['completed' | 'ended', JobStatus | null, boolean, boolean]>([
    ['completed', 'running', false, false],
    ['completed', 'completed', true, false],
    ['completed', 'failed', false, true],
    ['completed', 'cancelled', false, true],
    ['ended', 'failed', true, false],
    ['ended', 'paused', false, false],
    ['ended', null, false, true],
  ])('a job that is to be %s and is %s: holds %s, lost %s', (status, jobStatus, holds, isLost) => {
    expect(lookAt({ kind: 'job', job_id, status }, factsAt('00:00', { jobStatus }))).toMatchObject({ holds, isLost });
  });

  test('a job that was done as it was to be holds when it is removed, too', () => {
    const condition: RecoveryCondition = { kind: 'job', job_id, status: 'completed' };
    expect(lookAt(condition, factsAt('00:00', { held: true }))).toMatchObject({ holds: true, isLost: false });
    expect(lookAt(condition, factsAt('00:00', { held: true, jobStatus: 'running' })).holds).toBe(false);
  });

  test.each<[Role, 'operator' | 'admin', boolean]>([
    ['operator', 'operator', true],
    ['operator', 'admin', false],
    ['admin', 'operator', true],
    ['admin', 'admin', true],
  ])('an approval by the role %s where %s is needed: %s', (role, needed, holds) => {
    const approvals = [{ by: 'bob', role, at: 'then' }];
    expect(lookAt({ kind: 'approval', role: needed }, factsAt('00:00', { approvals })).holds).toBe(holds);
  });

  test('a dependency is well while nothing fails because of it', () => {
    const condition: RecoveryCondition = { kind: 'dependency', error_type: 'smtp.*', quiet_seconds: 60 };
    expect(lookAt(condition, factsAt('00:00', { hasFailed: true }))).toMatchObject({ holds: false, isLost: false });
    expect(lookAt(condition, factsAt('00:00'))).toMatchObject({ holds: true, about: expect.stringContaining('smtp.*') });
  });
});
