import { describe, expect, test } from '@jest/globals';
import type { JobInfo } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { jobLines } from './job-lines.js';

const screen = new Output({ write: () => undefined }, { write: () => undefined }, false, {});
const job: JobInfo = {
  id: 'job_01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'smtp.send',
  status: 'failed',
  source: 'live',
  as_of: '2026-11-23T06:00:00.000Z',
  product_id: 'shop',
  sending_group_id: 'spring',
  user_id: 'ann',
  priority: 5,
  max_parallel_tasks: null,
  retry_config: null,
  resource_limits: null,
  safety: 'unsafe',
  labels: {},
  detailed_status: { current_phase: 'failed', progress_percentage: 100, active_tasks: 0, error_count: 2 },
  total_tasks: 4,
  task_counts: { succeeded: 2, outcome_unknown: 2 },
  created_at: '2026-11-23T05:59:00.000Z',
  started_at: null,
  finished_at: null,
};

describe('a job from the history', () => {
  test('says as of when it was so, and that job-service does not answer', () => {
    const lines = jobLines({ ...job, source: 'history' }, [], screen);
    expect(lines.join(' ').replace(/ +/g, ' ')).toMatch(/As of 2026-11-23T06:00:00\.000Z, .* job-service does not answer/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('is told from one that is as it is now', () => {
    expect(jobLines(job, [], screen).join(' ')).not.toContain('As of');
  });
});
