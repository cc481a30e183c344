import { expect, test } from '@jest/globals';
import type { FailureAnalysis } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { analysisLines } from './analysis-lines.js';

const { paint } = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const screen = { paint, columns: 80, rowColumns: 80 };
const statuses = { pending: 1, in_progress: 2, recovered: 90, failed: 7 };
const kind = {
  ...{ tasks: 100, failed_runs: 230, by_status: statuses, last_seen: '2026-11-27T05:00:00.000Z' },
  recovery: { decided: 97, rate: 0.93, interval: [0.86, 0.96] as [number, number] },
};

const analysis: FailureAnalysis = {
  period: { start: '2026-11-20T00:00:00.000Z', end: '2026-11-27T00:00:00.000Z' },
  totals: { tasks: 100, jobs: 1, failed_runs: 230, retries: 130, by_status: statuses },
  failure_rate: { runs: 5_000, failed_runs: 230, rate: 0.046, interval: [0.04, 0.05] },
  by_error_type: Array.from({ length: 12 }, (_, index) => ({ error_type: `net.${'x'.repeat(60)}.${index}`, ...kind })),
  by_job_type: [{ job_type: 'smtp.send', ...kind }],
  retry_success: {
    by_attempt: [],
    by_delay: [
      { from_s: 0, to_s: 1, tried: 10, succeeded: 1, rate: 0.1, interval: [0.02, 0.4] },
      { from_s: 43_200, to_s: null, tried: 1, succeeded: 0, rate: 0, interval: [0, 0.8] },
    ],
  },
  time_to_recover: { recovered: 90, open: 10, median_s: 42, p95_s: null },
  top_groups: [
    {
      group_id: `grp_${'0'.repeat(32)}`,
      title: 'greylisted '.repeat(20),
      error_type: 'smtp.451',
      tasks: 60,
      jobs: 1,
      last_seen: '',
    },
  ],
  trend: { bucket_s: 3_600, buckets: [{ start: '', failed_runs: 4, recovered: 0 }] },
};

test('an analysis is told within 80 columns: how much, whether retries helped, and how long it took', () => {
  const lines = analysisLines(analysis, screen);
  const text = lines.join('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toMatch(/Tasks +100 of 1 job failed, in 230 runs/);
  expect(text).toContain('half within 42 s, 95 % not yet');
  expect(text).toMatch(/0 s to 1 s +10 +10.* %/);
  expect(text).toMatch(/12 h or more +1 /);
  expect(text).toContain('and 2 more');
});

test('nothing failed is said', () => {
  const none: FailureAnalysis = { ...analysis, totals: { ...analysis.totals, tasks: 0 } };
  expect(analysisLines(none, screen).join('\n')).toContain('Nothing failed.');
});
