import { expect, test } from '@jest/globals';
import type { AlertConditionView } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { conditionLines } from './alert-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const condition: AlertConditionView = {
  ...{ name: 'late', tenant: null, user_id: 'ann', signal: 'failure_budget_burn', fires: 'above', threshold: 14, clear_at: 14 },
  ...{ for_s: 60, clear_for_s: 0, window_s: 300, at_least: 20, objective: 0.995, type: null, severity: 'page', summary: '' },
  ...{ runbook_url: null, notify: [], inhibited_by: [], enabled: true, created_at: '', updated_at: '' },
};
const shown = (signal: AlertConditionView['signal']): string[] =>
  conditionLines({ ...condition, signal }, screen)
    .map((line) => line.trim())
    .filter((line) => /^(Counted over|Objective)/.test(line));

test.each([
  ['failure_budget_burn', ['Counted over  300 s, from 20 jobs on', 'Objective     0.995']],
  ['job_failure_ratio', ['Counted over  300 s, from 20 jobs on']],
  ['job_duration_s', ['Counted over  300 s, from 20 jobs on']],
  ['jobs_ended', ['Counted over  300 s']],
  ['jobs_failed', ['Counted over  300 s']],
  ['schedules_missed', ['Counted over  300 s']],
  ['job_age_s', []],
] as const)('a condition about %s shows of how it counts what it looks at', (signal, lines) =>
  expect(shown(signal)).toEqual(lines),
);
