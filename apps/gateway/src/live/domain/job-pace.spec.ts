import { describe, expect, test } from '@jest/globals';
import { everyCount, type BatchJob } from '@kintsugi/contracts';
import { JobPace } from './job-pace.js';

const jobOf = (succeeded: number, over: Partial<BatchJob> = {}): BatchJob =>
  ({
    id: 'job_1',
    status: 'running',
    total_tasks: 1_000,
    task_counts: everyCount({ succeeded }),
    detailed_status: {
      current_phase: 'running',
      progress_percentage: succeeded / 10,
      active_tasks: 8,
      error_count: succeeded / 10,
    },
    ...over,
  }) as BatchJob;

const readings = (counts: readonly number[], over: Partial<BatchJob> = {}) => {
  const pace = new JobPace();
  return counts.map((count, second) => pace.note({ at: second * 1_000, job: jobOf(count, over) })).at(-1);
};

describe('how a job goes on', () => {
  test('is where it is, how fast it goes, and when it will be done', () => {
    expect(readings([0, 10, 20, 30, 40])).toMatchObject({
      ...{ job_id: 'job_1', status: 'running', phase: 'running', active_tasks: 8, error_count: 4 },
      ...{ ended_tasks: 40, total_tasks: 1_000, progress_percentage: 4, tasks_per_s: 10, errors_per_s: 1, is_over: false },
      eta: { seconds: 96, at: new Date(100_000).toISOString() },
    });
  });

  test('is surer the more has ended, and the more evenly', () => {
    const widthOf = (counts: readonly number[]): number => {
      const [from, to] = readings(counts)?.eta?.interval_s ?? [0, null];
      return (to ?? Infinity) - from;
    };
    const even = [0, 20, 40, 60, 80];
    expect(widthOf(even)).toBeLessThan(widthOf([0, 2, 4, 6, 8]) / 10);
    expect(widthOf(even)).toBeLessThan(widthOf([0, 2, 4, 78, 80]));
    expect(readings(even)?.eta?.interval_s[0]).toBeLessThan(46);
    expect(readings(even)?.eta?.interval_s[1]).toBeGreaterThan(46);
  });

  test('may take for ever where next to nothing has ended', () => {
    expect(readings([0, 0, 1])?.eta).toMatchObject({ seconds: 1_998, interval_s: [expect.any(Number), null] });
    expect(readings([0, 9, 18, 27])?.eta?.interval_s[1]).toBeGreaterThan(108);
  });

  test('is told of no time where nothing ends, nothing runs, or the tasks are yet to be made', () => {
    expect(readings([5, 5, 5])?.eta).toBeNull();
    expect(readings([5])).toMatchObject({ eta: null, tasks_per_s: null });
    expect(readings([5, 6], { status: 'paused' })?.eta).toBeNull();
    expect(readings([5, 6], { total_tasks: null })?.eta).toBeNull();
  });

  test('goes by the share of what is one task, or runs elsewhere', () => {
    const pace = new JobPace();
    const at = (percentage: number) => ({
      ...jobOf(0, { total_tasks: 1 }),
      detailed_status: { current_phase: 'x', progress_percentage: percentage, active_tasks: 1, error_count: 0 },
    });
    pace.note({ at: 0, job: at(10) });
    expect(pace.note({ at: 10_000, job: at(20) }).eta?.seconds).toBe(80);
  });

  test('begins anew with a job that is recovered, and goes by the last minute', () => {
    const pace = new JobPace();
    pace.note({ at: 0, job: jobOf(900) });
    expect(pace.note({ at: 1_000, job: jobOf(100) }).eta).toBeNull();
    pace.note({ at: 2_000, job: jobOf(200) });
    expect(pace.note({ at: 70_000, job: jobOf(300) }).eta).toBeNull();
  });

  test.each(['completed', 'cancelled'] as const)('is over when it is %s', (status) => {
    expect(readings([1_000], { status })?.is_over).toBe(true);
    expect(readings([1_000], { status: 'failed' })?.is_over).toBe(false);
  });
});
