import { describe, expect, test } from '@jest/globals';
import type { GroupRecovery } from '@kintsugi/contracts';
import pc from 'picocolors';
import { recoveryFrame, recoveryItemLines, recoveryLines, recoveryListLines, recoveryPlanLines } from './recovery-lines.js';

const screen = { paint: pc.createColors(false), columns: 80, rowColumns: 80 };
const recovery: GroupRecovery = {
  ...{ id: 'rcv_01890a5d-ac96-774b-bcce-b302099a8057', group_id: `grp_${'0'.repeat(32)}`, filter: { error_type: 'smtp.*' } },
  ...{ recovery_options: { force: false, ignore_conditions: false }, canary: { size: 5, min_success: 0.8 }, rate_per_second: 10 },
  ...{ state: 'stopped', reason: '4 of 5 of the canary have failed again', state_at: '2026-11-23T06:00:00.000Z' },
  ...{ waits_for: [], waits_until: null, requested_by: 'ada', requested_at: '2026-11-23T06:00:00.000Z', records: 1_200 },
  counts: { chosen: 0, ordered: 0, recovered: 1, failed: 4, refused: 2 },
};

describe('what is shown of recoveries of groups', () => {
  test('says how one ended, why, and where its records are', () => {
    const lines = recoveryLines(recovery, screen);
    const text = lines.join('\n');
    expect(text).toContain('stopped');
    expect(text).toContain('1 recovered');
    expect(text).toContain('4 failed again');
    expect(text).toContain('4 of 5 of the canary have failed again');
    expect(text).toContain(`./kintsugi recover items ${recovery.id}`);
    for (const line of [...lines, ...recoveryListLines({ items: [recovery], next_cursor: 'c' }, screen)]) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('fills the bar of a canary by the canary, and later by all', () => {
    const going = { ...recovery, state: 'canary' as const, counts: { ...recovery.counts, failed: 0, recovered: 5, refused: 0 } };
    expect(recoveryFrame(going, screen).lines[0]).toBe('█'.repeat(80));
    expect(recoveryFrame({ ...going, state: 'ramping' }, screen).lines[0]).toBe('░'.repeat(80));
    expect(recoveryFrame(going, screen).summary).toBe('canary: 5 recovered, 0 failed, 0 under way, of 5');
  });

  test('says of a plan what would be left as it is', () => {
    const plan = {
      ...{ records: 2_000, checked: 1_000, refused_count: 21, estimated_seconds: 200, warnings: ['Think first.'] },
      refused: [{ error_record_id: 'err_1', reason: 'a retry is already scheduled' }],
    };
    const text = recoveryPlanLines(plan, screen).join('\n');
    expect(text).toContain('2,000 records that have not recovered, ordered within 3 min 20 s');
    expect(text).toContain('21 of the 1,000 looked at would be left as they are:');
    expect(text).toContain('  and 20 more');
    expect(text).toContain('Think first.');
  });

  test('lists records with what has become of them', () => {
    const item = { state: 'failed' as const, stage: 'canary' as const, attempt: 1, reason: 'smtp.550', at: recovery.state_at };
    const page = { items: [{ error_record_id: 'err_1', ...item }], next_cursor: null };
    expect(recoveryItemLines(page, screen)[1]).toMatch(/err_1 +failed +canary +smtp.550/);
    expect(recoveryItemLines({ items: [], next_cursor: null }, screen)).toEqual(['No records.']);
  });
});
