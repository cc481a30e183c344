import { describe, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { widthOf } from '../../terminal/text-width.js';
import { damageLines, findingLines, poolVerdictLines, repairLines } from './pool-demo-lines.js';
import { poolFaultsOf, type DemoSlot, type PoolDemoSummary } from './pool-demo-summary.js';

const slot: DemoSlot = {
  slot_id: 'slot_1',
  damage: 'HEAD is overwritten with garbage',
  found: ['head-broken: HEAD leads to no branch and no commit', 'ref-broken: x'],
  rungs: ['metadata'],
  state: 'AVAILABLE',
  reason: null,
  sound: true,
  untouched: false,
};
const isolated = { ...slot, rungs: [], state: 'ERROR', reason: 'its folder is a link to elsewhere', sound: false };
const alone = { ...slot, damage: null, found: [], rungs: [], untouched: true };
const expected = [{ ends: 'healed' }, { ends: 'isolated' }] as const;
const summary: PoolDemoSummary = {
  slots: [slot, isolated, alone],
  report: {
    ...{ long_allocated_released: 0, corrupted_recovered: 1, corrupted_isolated: 1, orphaned_locks_cleaned: 0, errors: [] },
  },
  program_was_run: false,
  outside_untouched: true,
  wall_s: 11.2,
};
const screen = { paint: pc.createColors(false), columns: 80 };
const withSlot = (index: number, change: Partial<DemoSlot>): PoolDemoSummary => ({
  ...summary,
  slots: summary.slots.map((one, at) => (at === index ? { ...one, ...change } : one)),
});

describe('the demo of a pool', () => {
  test('is right only where each slot is sound, or isolated with the reason, and nothing else has happened', () => {
    expect(poolFaultsOf(summary, expected)).toEqual([]);
    for (const [wrong, fault] of [
      [withSlot(0, { sound: false }), 'Slot 1 is AVAILABLE, and not sound'],
      [withSlot(0, { state: 'ERROR', sound: false }), 'Slot 1 is ERROR, and not sound'],
      [withSlot(1, { reason: null }), 'Slot 2 is ERROR, and was to be isolated with the reason'],
      [withSlot(1, { state: 'AVAILABLE', sound: true }), 'Slot 2 is AVAILABLE, and was to be isolated with the reason'],
      [withSlot(2, { untouched: false }), 'Slot 3 was not damaged, and has been changed'],
      [{ ...summary, program_was_run: true }, 'A program that a slot named was run'],
      [{ ...summary, outside_untouched: false }, 'What lies outside of the pool was changed'],
    ] as const) {
      expect(poolFaultsOf(wrong, expected)).toEqual([fault]);
    }
  });

  test('tells slot by slot what was done, what was found and what became of it, in 80 columns', () => {
    const long = [{ ...slot, found: [`objects-broken: ${'/deep'.repeat(40)} is corrupt`] }, isolated, alone];
    const lines = [
      ...damageLines(long, screen),
      ...findingLines(long, screen),
      ...repairLines([slot, isolated, alone], 1_200, screen),
      ...poolVerdictLines(summary, ['Slot 1 is ERROR'], screen),
    ];
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    const text = lines.join('\n');
    expect(text).toMatch(/2 slots of 3 are damaged[^]*1 {2}HEAD is overwritten[^]*3 {2}left alone/);
    expect(text).toMatch(/1 {2}healed {4}by metadata\n {2}2 {2}isolated [^]*why: its folder is a link[^]*3 {2}sound/);
    expect(text).toContain("2 of 3 slots are sound by git's own fsck, 1 isolated");
    expect(findingLines([slot], screen).at(-1)).toBe('  1  head-broken: HEAD leads to no branch and no commit, and 1 more');
  });
});
