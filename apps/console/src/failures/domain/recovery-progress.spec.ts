import { describe, expect, test } from '@jest/globals';
import { operations, type GroupRecovery } from '@kintsugi/contracts';
import { carefulCommandOf, carefulForm, carefulRequestOf, isGoingOn, isRunning, recoverySharesOf } from './recovery-progress.js';

const groupId = `grp_${'0'.repeat(32)}`;
const none = { chosen: 0, ordered: 0, recovered: 0, failed: 0, refused: 0 };
const recovery = (state: GroupRecovery['state'], counts: Partial<GroupRecovery['counts']>, records = 100): GroupRecovery =>
  ({ state, records, canary: { size: 4, min_success: 0.8 }, counts: { ...none, ...counts } }) as GroupRecovery;

describe('the shares of a recovery', () => {
  test('are of its canary while that is judged, and of all its records from then on', () => {
    expect(recoverySharesOf(recovery('canary', { recovered: 2, ordered: 1 }))).toEqual({ good: 50, bad: 0, off: 0, busy: 25 });
    expect(recoverySharesOf(recovery('ramping', { recovered: 50, failed: 1, refused: 2, chosen: 3, ordered: 4 }))).toEqual({
      ...{ good: 50, bad: 1, off: 2, busy: 7 },
    });
  });

  test('never exceed the whole, also where records came in later, and are none of none', () => {
    const { good, bad } = recoverySharesOf(recovery('completed', { recovered: 150, failed: 50 }));
    expect([good, bad]).toEqual([75, 25]);
    expect(recoverySharesOf(recovery('completed', {}, 0))).toEqual({ good: 0, bad: 0, off: 0, busy: 0 });
  });

  test('change no more once it has ended', () => {
    const states = ['waiting', 'canary', 'ramping', 'completed', 'stopped', 'cancelled'] as const;
    expect(states.map((state) => isGoingOn({ state }))).toEqual([true, true, true, false, false, false]);
    expect(states.map((state) => isRunning({ state }))).toEqual([false, true, true, false, false, false]);
  });
});

test('what is chosen is asked for as the platform takes it, and the same from a terminal', () => {
  const form = { ...carefulForm, minSuccessPercent: 95, ratePerSecond: 0.5, force: true };
  expect(operations.recoverGroup.request.parse(carefulRequestOf(groupId, form))).toMatchObject({
    ...{ canary: { size: 5, min_success: 0.95 }, rate_per_second: 0.5, recovery_options: { force: true }, dry_run: false },
  });
  expect(carefulCommandOf(groupId, form)).toBe(
    `./kintsugi recover --group ${groupId} --canary 5 --min-success 0.95 --rate 0.5 --force`,
  );
  const approved = { ...carefulForm, approvalBy: 'admin' } as const;
  expect(operations.recoverGroup.request.parse(carefulRequestOf(groupId, approved))).toMatchObject({
    when: [{ kind: 'approval', role: 'admin' }],
  });
  expect(carefulCommandOf(groupId, approved)).toMatch(/ --when 'approval admin'$/);
});
