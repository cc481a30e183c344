import { describe, expect, it } from '@jest/globals';
import { advance, settledTasks, type JobProgress } from './job-progress.js';
import { Pace } from './pace.js';

const time = '2026-01-01T00:00:00.000Z';
const pending: JobProgress = { status: 'pending', total: null, counts: {} };

describe('the progress of a job', () => {
  it('follows its events', () => {
    const planned = advance(pending, { event: 'job.planned', id: '1', data: { job_id: 'job_1', total_tasks: 10, time } });
    expect(planned).toEqual({ status: 'pending', total: 10, counts: {} });
    const started = advance(planned, {
      event: 'job.started',
      id: '2',
      data: { job_id: 'job_1', started_at: time, time },
    });
    expect(started.status).toBe('running');
    const progressed = advance(started, {
      event: 'job.progressed',
      id: '3',
      data: {
        time,
        job_id: 'job_1',
        status: 'running',
        total_tasks: 10,
        task_counts: { succeeded: 4, running: 2 },
        detailed_status: { current_phase: 'running', progress_percentage: 40, active_tasks: 2, error_count: 0 },
      },
    });
    expect(progressed).toEqual({ status: 'running', total: 10, counts: { succeeded: 4, running: 2 } });
  });

  it('counts as settled what nothing more happens with by itself', () => {
    const counts = {
      succeeded: 1,
      dead: 2,
      cancelled: 3,
      outcome_unknown: 4,
      quarantined: 5,
      skipped: 6,
      waiting_retry: 100,
      running: 100,
    };
    expect(settledTasks({ ...pending, counts })).toBe(21);
  });
});

describe('a pace', () => {
  it('is that of the last seconds, and unknown at first', () => {
    const pace = new Pace();
    expect(pace.perSecond()).toBeNull();
    pace.add(0, 0);
    expect(pace.perSecond()).toBeNull();
    pace.add(1_000, 100);
    expect(pace.perSecond()).toBe(100);
    for (let second = 2; second <= 10; second += 1) pace.add(second * 1_000, 100 + (second - 1) * 10);
    expect(pace.perSecond()).toBe(10);
  });
});
