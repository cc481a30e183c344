import { describe, expect, test } from '@jest/globals';
import type { ErrorGroup, JobInfo } from '@kintsugi/contracts';
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
  tenant: 'default',
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

const group: ErrorGroup = {
  id: 'grp_0123456789abcdef0123456789abcdef',
  title: 'the worker was lost',
  error_type: 'worker.lost',
  count: 2,
  by_status: { pending: 2, in_progress: 0, recovered: 0, failed: 0 },
  waiting: 2,
  outcome_unknown: 2,
  jobs: 1,
  first_seen: job.as_of,
  last_seen: job.as_of,
  example_record_id: 'err_01890a5d-ac96-774b-bcce-b302099a8057.0.1',
};

const shown = (...groups: ErrorGroup[]): string => jobLines(job, groups, screen).join(' ').replace(/ +/g, ' ');

describe('a failed job', () => {
  test('of unsafe tasks whose worker was lost shows what to do', () => {
    expect(shown(group)).toContain(`Waiting for you: 2 worker.lost: the worker was lost ${group.id}`);
    expect(shown(group)).toContain('./kintsugi recover ID --force');
  });

  test('of unsafe tasks that failed in the open shows what to do, which takes no force', () => {
    const failed = { ...group, outcome_unknown: 0, by_status: { ...group.by_status, pending: 0, failed: 2 } };
    expect(shown(failed)).toContain('./kintsugi recover ID runs them again.');
    expect(shown(failed)).not.toContain('--force');
  });

  test('names nothing that waits for nobody', () => {
    expect(shown({ ...group, waiting: 0, outcome_unknown: 0 })).not.toContain('Waiting for you');
  });
});

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

test('a traced job names its trace, or where that is looked at', () => {
  const trace_id = '0af7651916cd43dd8448eb211c80319c';
  const lineOf = (more: Partial<JobInfo>): string | undefined =>
    jobLines({ ...job, ...more }, [], screen).find((line) => line.includes('Trace'));
  expect(lineOf({ trace_id })).toMatch(/Trace +0af7651916cd43dd8448eb211c80319c$/);
  expect(lineOf({ trace_id, trace_url: `https://traces.example/${trace_id}` })).toContain('https://traces.example/0af7');
  expect(lineOf({})).toBeUndefined();
});
