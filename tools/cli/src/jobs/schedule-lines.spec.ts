import { describe, expect, test } from '@jest/globals';
import type { ScheduleView } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { scheduleLines, schedulesTable } from './schedule-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const schedule: ScheduleView = {
  ...{ name: 'nightly-digest', tenant: 'default', user_id: 'ann', cron: '30 2 * * *', every_s: null, time_zone: 'Europe/Berlin' },
  ...{ catch_up: 'last', overlap: 'queue', jitter_s: 300, paused: false },
  job: {
    product_id: 'newsletter',
    sending_group_id: 'digest',
    type: 'digest.send',
    priority: 5,
    safety: 'idempotent',
    labels: {},
  },
  ...{ next_at: '2026-11-28T01:30:00.000Z', last_tick: null, last_job_id: null, runs: 1_200, skipped: 0, missed: 3 },
  ...{ created_at: '2026-11-27T00:00:00.000Z', updated_at: '2026-11-27T00:00:00.000Z' },
};

const widest = (lines: string[]): number => Math.max(...lines.map((line) => line.length));

describe('a schedule', () => {
  test('is shown with its rules and its next ticks, within 80 columns', () => {
    const lines = scheduleLines({ ...schedule, next_times: ['2026-11-28T01:30:00.000Z', '2026-11-29T01:30:00.000Z'] }, screen);
    const text = lines.join('\n');
    expect(text).toContain('30 2 * * *, Europe/Berlin, up to 5 min later');
    expect(text).toContain('catch up last, overlap queue');
    expect(text).toContain('1,200 run, 0 skipped, 3 missed');
    expect(text).toContain('2026-11-29T01:30:00Z');
    expect(widest(lines)).toBeLessThanOrEqual(80);
  });

  test('is a row of a list, and says when it is paused', () => {
    const lines = schedulesTable([schedule, { ...schedule, name: 'x'.repeat(64), paused: true }], null, {
      paint: screen.paint,
      rowColumns: 80,
    });
    expect(lines[1]).toContain('2026-11-28T01:30:00Z');
    expect(lines[2]).toContain('paused');
    expect(widest(lines)).toBeLessThanOrEqual(80);
  });
});
