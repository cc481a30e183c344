import { expect, test } from '@jest/globals';
import { addAttempt, closeAttempts, recoveryMethodOf, type RecoveryAttempt } from './recovery-attempt.js';

const attempt = (method: string, result: string): RecoveryAttempt => ({ timestamp: '2026-11-23T06:00:00.000Z', method, result });

test('attempts under way end by a result, ended ones stay as they are', () => {
  const attempts = [attempt('automatic_retry', 'failed: smtp.451'), attempt('automatic_retry', 'started')];
  expect(closeAttempts(attempts, 'recovered').map(({ result }) => result)).toEqual(['failed: smtp.451', 'recovered']);
});

test('a success is due to the attempt under way, else to none', () => {
  expect(recoveryMethodOf([attempt('automatic_retry', 'failed: x'), attempt('manual_recover', 'started')])).toBe(
    'manual_recover',
  );
  expect(recoveryMethodOf([attempt('automatic_retry', 'scheduled')])).toBe('automatic_retry');
  expect(recoveryMethodOf([attempt('manual_recover', 'refused: cancelled')])).toBe('late_report');
  expect(recoveryMethodOf([])).toBe('late_report');
});

test('the oldest attempts go first when there are too many', () => {
  let attempts: RecoveryAttempt[] = [];
  for (let number = 0; number < 150; number += 1) {
    attempts = addAttempt(attempts, attempt('automatic_retry', `failed: ${number}`));
  }
  expect(attempts).toHaveLength(100);
  expect(attempts.at(-1)?.result).toBe('failed: 149');
});
