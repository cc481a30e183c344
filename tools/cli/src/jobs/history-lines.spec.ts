import { expect, test } from '@jest/globals';
import { everyCount, type BatchJob, type JobHistoryPage } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { historyLines } from './history-lines.js';

const { paint } = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const screen = { paint, columns: 80, rowColumns: 80 };
const now = Date.parse('2026-11-27T06:00:00.000Z');

const job: BatchJob = {
  id: 'job_01890a5d-ac96-774b-bcce-b302099a8057',
  status: 'failed',
  ...{
    product_id: 'p',
    sending_group_id: 'g',
    user_id: 'u',
    tenant: 'default',
    type: 'newsletter.send.to.everybody',
    priority: 5,
  },
  ...{ max_parallel_tasks: null, retry_config: null, resource_limits: null, safety: 'idempotent', labels: {} },
  detailed_status: { current_phase: 'failed', progress_percentage: 100, active_tasks: 0, error_count: 1_234 },
  ...{ total_tasks: 5_000, task_counts: everyCount({}) },
  created_at: '2026-11-27T05:00:00.000Z',
  started_at: '2026-11-27T05:00:01.000Z',
  finished_at: '2026-11-27T05:01:01.000Z',
};

const page: JobHistoryPage = {
  items: [job],
  pagination: { page: 1, per_page: 20, total: 1_000, total_is_capped: true, next_cursor: 'c' },
  aggregations: {
    counted: { jobs: 110, completed: 90, failed: 10, cancelled: 4, unfinished: 6, runs: 1_000, failed_runs: 50 },
    ...{ success_rate: 0.9, success_interval: [0.83, 0.94], error_rate: 0.05, error_interval: [0.04, 0.07] },
    ...{ avg_duration: 61_000, duration_ms: { p50: 60_000, p95: 90_000, p99: 95_000, max: 99_000 } },
    histogram: { bucket_s: 60, buckets: [1, 0, 8].map((jobs) => ({ start: '', jobs, completed: 0, failed: 0 })) },
  },
};

test('a page of the history is told within 80 columns, with what all of it adds up to', () => {
  const lines = historyLines(page, screen, { now });
  const text = lines.join('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toMatch(/job_01890a5d-ac96-774b-bcce-b302099a8057 +failed +1 min +1,234 +1 h/);
  expect(text).toContain('At least 1,000 jobs.');
  expect(text).toContain('90 completed, 10 failed, 4 cancelled, 6 unfinished');
  expect(text).toMatch(/Completed +90.*% of 100 \(95 %: 83.* to 94.*\)/);
  expect(text).toMatch(/Accepted +▁ █/);
});

test('sums by a field are a table of its values', () => {
  const counted = { jobs: 90, completed: 80, failed: 10, cancelled: 0, unfinished: 0, runs: 100, failed_runs: 20 };
  const rates = { success_rate: 8 / 9, success_interval: null, error_rate: 0.2, avg_duration: 61_000 };
  const groups = [
    { value: 'smtp.send', ...counted, ...rates },
    { value: 'x'.repeat(200), ...counted, success_rate: null, success_interval: null, error_rate: null, avg_duration: null },
  ];
  const lines = historyLines({ ...page, aggregations: { ...page.aggregations, groups } as never }, screen, { by: 'type', now });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join('\n')).toMatch(/TYPE +JOBS +COMPLETED +RUNS FAILED +TOOK\nsmtp\.send +90 +88\.8 % +20.* % +1 min/);
});

test('nothing found is said, and so is what cannot be summed up', () => {
  const counted = { jobs: 0, completed: 0, failed: 0, cancelled: 0, unfinished: 0, runs: 0, failed_runs: 0 };
  const none = { counted, success_rate: null, success_interval: null, error_rate: null, avg_duration: null, histogram: null };
  const pagination = { page: 1, per_page: 20, total: 0, total_is_capped: false, next_cursor: null };
  const text = historyLines({ items: [], pagination, aggregations: none }, screen, { now }).join('\n');
  expect(text).toContain('No job in the history is like that.');
  expect(text).toMatch(/Completed +-/);
});
