import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TimeHistogram } from './time-histogram.js';

const anyJob = fc.record({
  time: fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') }),
  status: fc.constantFrom('completed' as const, 'failed' as const, 'running' as const),
});

test('every job is counted once, in at most 100 buckets that follow one another and hold its time', () => {
  fc.assert(
    fc.property(fc.array(anyJob, { minLength: 1, maxLength: 60 }), (jobs) => {
      const histogram = new TimeHistogram(['jobs', 'completed', 'failed']);
      for (const { time, status } of jobs) histogram.add(time, 'jobs', ...(status === 'running' ? [] : [status]));
      const { bucket_s: seconds, buckets } = histogram.result() ?? { bucket_s: 0, buckets: [] };
      expect(buckets.length).toBeLessThanOrEqual(100);
      buckets.forEach(({ start, ...counts }, index) => {
        const from = Date.parse(start);
        if (index > 0) expect(from - Date.parse(buckets[index - 1]?.start ?? '')).toBe(seconds * 1_000);
        const within = jobs.filter(({ time }) => time >= from && time < from + seconds * 1_000);
        expect(counts).toEqual({
          jobs: within.length,
          completed: within.filter(({ status }) => status === 'completed').length,
          failed: within.filter(({ status }) => status === 'failed').length,
        });
      });
      expect(buckets.reduce((sum, { jobs: count }) => sum + count, 0)).toBe(jobs.length);
    }),
  );
});

test('many times at once are counted as one by one', () => {
  const times = fc.array(fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2030-01-01') }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(times, { maxLength: 5 }), times, (many, single) => {
      const [once, atOnce] = [new TimeHistogram(['jobs', 'failed']), new TimeHistogram(['jobs', 'failed'])];
      for (const time of many.flat()) once.add(time, 'jobs');
      for (const some of many) atOnce.addAll(Float64Array.from(some), 'jobs');
      for (const histogram of [once, atOnce]) for (const time of single) histogram.add(time, 'failed');
      expect(atOnce.result()).toEqual(once.result());
    }),
  );
});

test('without a job there is none', () => {
  expect(new TimeHistogram(['jobs']).result()).toBeNull();
});
