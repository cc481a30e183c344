import { expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { anomalyLines, recoveryLines, reportLines } from './pool-lines.js';

const plain = (text: string): string => text;
const look = { paint: new Proxy({}, { get: () => plain }) as never };
const slot: SlotView = {
  ...{
    slot_id: 'slot_1',
    pool: 'app',
    state: 'ERROR',
    path: '/p',
    owner: null,
    purpose: null,
    allocated_at: null,
    heartbeat_at: null,
  },
  metadata: {
    ...{ state_changed_at: 't', verified: false, commit: null, isolated_at: 't', isolation_reason: 'r', evidence: null },
    ...{ failed_recoveries: 1, recloned_at: null, last_recovery: null },
  },
};

test('anomalies are told with what to do next, and control characters are not', () => {
  const none = { long_allocated_slots: [], corrupted_slots: [], orphaned_locks: [] };
  expect(anomalyLines(none, look)).toEqual(['Nothing is wrong.']);
  const findings = [{ kind: 'head-broken', detail: 'HEAD is \u001b[31m' }];
  const lines = anomalyLines({ ...none, corrupted_slots: [{ ...slot, findings }], orphaned_locks: ['slot_2'] }, look);
  expect(lines).toHaveLength(3);
  expect(lines.join('\n')).toContain('slot_1  head-broken');
  expect(lines.join('\n')).not.toContain('\u001b');
});

test('a repair says what was found, what was done, why it failed and what is next', () => {
  const lines = recoveryLines(
    {
      ...{ success: false, slot, outcome: 'isolated', found: [{ kind: 'folder-missing', detail: 'gone' }] },
      ...{ rungs: ['re-clone'], reason: 'no way', advice: ['look'], saved: '/kept' },
    },
    look,
  );
  expect(lines).toEqual([
    'slot_1  isolated',
    '  found  folder-missing: gone',
    '  did    re-clone',
    '  why    no way',
    '  kept   /kept',
    '  next   look',
  ]);
});

test('a report says whether it is of what was done', () => {
  const report = {
    ...{ long_allocated_released: 1, corrupted_recovered: 2, corrupted_isolated: 0, orphaned_locks_cleaned: 3, errors: ['e'] },
  };
  expect(reportLines(report, true)[0]).toBe('This would be done:');
  expect(reportLines(report, false)).toEqual([
    'Done:',
    '     3  locks removed that nobody held',
    '     1  slots taken from silent owners',
    '     2  slots recovered',
    '     0  slots isolated',
    '  e',
  ]);
});
