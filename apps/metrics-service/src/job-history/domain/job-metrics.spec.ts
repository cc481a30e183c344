import { describe, expect, it } from '@jest/globals';
import type { BatchJob, RunStats } from '@kintsugi/contracts';
import { metricsOf } from './job-metrics.js';

const job: BatchJob = {
  id: 'job_01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'smtp.send',
  status: 'running',
  product_id: 'p',
  sending_group_id: 'g',
  user_id: 'u',
  tenant: 'default',
  priority: 5,
  max_parallel_tasks: null,
  retry_config: null,
  resource_limits: null,
  safety: 'idempotent',
  labels: {},
  detailed_status: { current_phase: 'running', progress_percentage: 50, active_tasks: 1, error_count: 0 },
  total_tasks: 40,
  task_counts: { succeeded: 15, dead: 5, running: 10, ready: 10 },
  created_at: '2026-03-02T00:00:00.000Z',
  started_at: '2026-03-02T00:00:01.000Z',
  finished_at: null,
};

const now = new Date('2026-03-02T00:00:05.000Z');

const stats: RunStats = {
  retries: 3,
  recovered: 2,
  first_try: 15,
  task_ms: { p50_ms: 1, p99_ms: 2 },
  submit_to_done_ms: { p50_ms: 3, p99_ms: 4 },
};

const told = {
  task_ms_p50: 1,
  task_ms_p99: 2,
  submit_to_done_ms_p50: 3,
  submit_to_done_ms_p99: 4,
  retries: 3,
  recovered: 2,
};

describe('the metrics of a job', () => {
  it('run until now while the job runs, and share out only the tasks that have ended', () => {
    expect(metricsOf(job, stats, now)).toEqual({ ...told, duration_ms: 4_000, throughput_per_s: 5, first_try_share: 0.75 });
  });

  it('end with the job', () => {
    const finished = { ...job, task_counts: { succeeded: 40 }, finished_at: '2026-03-02T00:00:03.000Z' };
    const metrics = metricsOf(finished, { ...stats, first_try: 30 }, now);
    expect(metrics).toEqual({ ...told, duration_ms: 2_000, throughput_per_s: 20, first_try_share: 0.75 });
  });

  it('are null, and no zero, where nobody knows what the runs add up to', () => {
    expect(metricsOf(job, null, now)).toMatchObject({
      ...{ retries: null, recovered: null, first_try_share: null },
      ...{ task_ms_p50: null, task_ms_p99: null, submit_to_done_ms_p50: null, submit_to_done_ms_p99: null },
    });
  });

  it('have no share while no task has ended', () => {
    expect(metricsOf({ ...job, task_counts: { running: 40 } }, { ...stats, first_try: 0 }, now)).toMatchObject({
      first_try_share: null,
    });
  });

  it('are unknown before the first start and over no time', () => {
    expect(metricsOf({ ...job, started_at: null }, null, now)).toMatchObject({ duration_ms: null, throughput_per_s: null });
    expect(metricsOf({ ...job, finished_at: job.started_at }, null, now)).toMatchObject({
      duration_ms: 0,
      throughput_per_s: null,
    });
  });
});
