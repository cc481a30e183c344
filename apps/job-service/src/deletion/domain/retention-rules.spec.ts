import { expect, test } from '@jest/globals';
import { leastDaysOf, retentionDaysOf, retentionRulesOf } from './retention-rules.js';

test('what says most of a job says how long it is kept', () => {
  const rules = retentionRulesOf('90, failed=365,smtp.send=7,smtp.send/failed=30');
  if (!rules) throw new Error('These are rules.');
  const days = (type: string, status: string): number | null => retentionDaysOf(rules, { type, status });
  expect([days('a', 'completed'), days('a', 'failed'), days('smtp.send', 'completed'), days('smtp.send', 'failed')]).toEqual([
    ...[90, 365, 7, 30],
  ]);
  expect(leastDaysOf(rules)).toBe(7);
});

test('without a rule that fits it a job is kept for good', () => {
  const rules = retentionRulesOf('cancelled=1') ?? new Map();
  expect(retentionDaysOf(rules, { type: 'a', status: 'completed' })).toBeNull();
  const none = retentionRulesOf('off') ?? new Map([['', 1]]);
  expect([leastDaysOf(none), retentionDaysOf(none, { type: 'a', status: 'failed' })]).toEqual([null, null]);
});

test.each(['', '0', '-1', 'on', '90;7', 'running=7', 'a/running=7', 'failed=', '1e9', '=7'])('%j is no rule', (text) => {
  if (text === 'running=7') expect(retentionRulesOf(text)?.get('running')).toBe(7);
  else expect(retentionRulesOf(text)).toBeNull();
});
