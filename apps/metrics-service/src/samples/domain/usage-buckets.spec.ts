import { describe, expect, test } from '@jest/globals';
import { UsageBuckets } from './usage-buckets.js';
import type { UsageRecord } from './usage-record.js';

const second = 1_000;
const range = { start: 100 * second, intervalMs: 10 * second, count: 4 };

/** A record that begins at a second of the range and is five long. */
const recordFrom = (from: number, over: Partial<UsageRecord> = {}): UsageRecord => ({
  ...{ kind: 'job', id: 'job_a', worker: 'w1', at: (100 + from + 2.5) * second, spanMs: 5 * second, busyMs: 0 },
  ...{ cpuMs: 2_500, memoryMib: 50, measured: true, done: 9, failed: 1, runMs: 1_000, ...over },
});

function bucketsOf(...records: UsageRecord[]): UsageBuckets {
  const buckets = new UsageBuckets(range);
  for (const record of records) buckets.add(record, record.spanMs);
  return buckets;
}

describe('what a job used, in buckets of time', () => {
  test('is null where nothing was sampled', () => {
    const buckets = bucketsOf(recordFrom(10), recordFrom(15));
    expect(buckets.series('cpu')).toEqual({
      unit: 'cores',
      basis: 'measured',
      values: [null, 0.5, null, null],
      mean: 0.5,
      max: 0.5,
    });
    expect(bucketsOf().series('memory')).toEqual({
      unit: 'MiB',
      basis: 'none',
      values: [null, null, null, null],
      mean: null,
      max: null,
    });
  });

  test('is divided where a record lies across buckets, and lost beyond them', () => {
    const buckets = bucketsOf(recordFrom(8, { cpuMs: 5_000 }), recordFrom(38), recordFrom(-4));
    expect(buckets.series('cpu').values).toEqual([0.8333, 1, null, 0.5]);
    expect(buckets.series('throughput').values).toEqual([2, 2, null, 2]);
  });

  test('adds up workers side by side, by the one that was sampled longest', () => {
    const buckets = bucketsOf(recordFrom(0), recordFrom(5), recordFrom(0, { worker: 'w2', cpuMs: 5_000, memoryMib: 70 }));
    expect(buckets.series('cpu').values[0]).toBe(1);
    expect(buckets.series('memory')).toMatchObject({ values: [120, null, null, null], max: 120 });
    expect(buckets.series('throughput').values[0]).toBe(3);
  });

  test('tells how long the runs took that ended, which is nothing where none has', () => {
    const buckets = bucketsOf(recordFrom(0), recordFrom(10, { done: 0, failed: 0, runMs: 0 }));
    expect(buckets.series('duration')).toMatchObject({ unit: 'ms', values: [100, null, null, null], mean: 100 });
    expect(buckets.series('throughput').values).toEqual([2, 0, null, null]);
  });

  test('says whether it was measured or is a share', () => {
    const shared = recordFrom(0, { measured: false });
    expect(bucketsOf(shared).series('cpu').basis).toBe('shared');
    expect(bucketsOf(shared, recordFrom(5)).series('memory').basis).toBe('mixed');
    expect(bucketsOf(shared).series('throughput').basis).toBe('measured');
  });

  test('takes a record of a whole minute as what was sampled of it', () => {
    const buckets = new UsageBuckets({ start: 0, intervalMs: 60 * second, count: 2 });
    buckets.add(recordFrom(0, { at: 30 * second, spanMs: 15 * second, cpuMs: 15_000, done: 30, failed: 0 }), 60 * second);
    expect(buckets.series('cpu').values).toEqual([1, null]);
    expect(buckets.series('throughput').values).toEqual([2, null]);
  });
});
