import { describe, expect, test } from '@jest/globals';
import { operations, type JobInfo, type JobMetricsAnswer } from '@kintsugi/contracts';
import { metricRangeOf } from '../../samples/domain/metric-range.js';
import type { UsageOfJobs } from '../../samples/queries/usage-of-jobs.js';
import type { GetJobInfo } from './get-job-info.js';
import { GetJobMetrics } from './get-job-metrics.js';

const id = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const job = {
  ...{ id, status: 'completed', created_at: '2026-11-28T10:00:00.000Z' },
  ...{ started_at: '2026-11-28T10:00:05.000Z', finished_at: '2026-11-28T10:01:00.000Z' },
} as JobInfo;
const origin = {} as Parameters<GetJobMetrics['execute']>[1];
const keptMs = { sample: Infinity, minute: Infinity, hour: Infinity };

function asked(times: object): Promise<JobMetricsAnswer> {
  const info = { execute: async () => job } as unknown as GetJobInfo;
  const usage = {
    execute: async (_: unknown, time: { start: number; end: number; intervalMs: number | null }) => ({
      range: metricRangeOf({ ...time, now: time.end, keptMs }),
      jobs: new Map(),
    }),
  } as unknown as UsageOfJobs;
  return new GetJobMetrics(info, usage).execute(
    operations.getJobMetrics.request.parse({ job_ids: [id], metrics: ['cpu'], ...times }),
    origin,
  );
}

describe('what jobs used', () => {
  test('is told from the start of the first to the end of the last', async () => {
    const answer = await asked({});
    expect(answer).toMatchObject({ start_time: '2026-11-28T10:00:00.000Z', end_time: '2026-11-28T10:01:10.000Z' });
  });

  test('is told of the time that is asked for, where that begins when all was over', async () => {
    const startTime = '2026-11-28T11:00:00Z';
    const answer = await asked({ start_time: startTime });
    expect(Date.parse(answer.start_time)).toBeLessThanOrEqual(Date.parse(startTime));
    expect(Date.parse(answer.end_time)).toBeGreaterThan(Date.parse(startTime));
  });

  test.each([
    [{ start_time: '9990-01-01T00:00:00Z' }, 'data.start_time', 'a time that has passed'],
    [
      { end_time: '2026-11-28T10:00:05Z' },
      'data.end_time',
      'a time after the start of the earliest of the jobs, 2026-11-28T10:00:05.000Z',
    ],
  ])('is not told of a time that ends before it begins: %j', async (times, path, allowed) => {
    await expect(asked(times)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path, rule: 'RANGE', got: expect.any(String), allowed }] },
    });
  });
});
