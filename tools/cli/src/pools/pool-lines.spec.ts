import { expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { exitCodes } from '../exit-codes.js';
import { anomalyLines, exitCodeOf, forgottenLines, lockLines, poolsTable, recoveryLines, reportLines } from './pool-lines.js';

const plain = (text: string): string => text;
const look = { paint: new Proxy({}, { get: () => plain }) as never };
const slot: SlotView = {
  ...{
    slot_id: 'slot_1',
    pool: 'app',
    host: 'a',
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

test('pools are told with their hosts where there are several, and a host that is missing is never left out', () => {
  const pool = {
    ...{ name: 'app', repository_url: 'u', branch: 'main', created_at: 't', size: 1, states: { AVAILABLE: 1 } },
    ...{ shallow: null, partial: null, submodules: false, reference_mirror: true },
  };
  const wide = { ...look, rowColumns: 100 };
  const one = poolsTable({ items: [{ ...pool, host: 'east' }] }, wide).join('\n');
  expect(one).not.toContain('east');
  const two = {
    items: [
      { ...pool, host: 'east' },
      { ...pool, name: 'site', host: 'west' },
    ],
  };
  expect(poolsTable(two, wide).join('\n')).toMatch(/HOST[^]*east[^]*west/);
  const away = [{ host: 'west', reason: 'It is off.' }];
  expect(poolsTable({ items: [], hosts_away: away }, wide).at(-1)).toBe('Nothing of west is in here. It is off.');
  const none = { long_allocated_slots: [], corrupted_slots: [], orphaned_locks: [] };
  expect(anomalyLines({ ...none, hosts_away: away }, look)).toEqual(['Nothing of west is in here. It is off.']);
  expect(lockLines({ items: [], hosts_away: away })).toEqual(['Nothing of west is in here. It is off.']);
  expect(lockLines({ items: [] })).toEqual(['No lock is left over.']);
  expect([exitCodeOf({ hosts_away: away }), exitCodeOf({})]).toEqual([exitCodes.failed, exitCodes.ok]);
});

test('a host that is forgotten is told with the pools that go with it', () => {
  expect(forgottenLines({ host: 'west', pools: ['app', 'site'], dry_run: false })).toEqual([
    'west is forgotten, with its pools app, site.',
  ]);
  expect(forgottenLines({ host: 'west', pools: [], dry_run: true })).toEqual(['west would be forgotten, which had no pools.']);
});
