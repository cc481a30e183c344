import { describe, expect, test } from '@jest/globals';
import { QueuePace } from './queue-pace.js';

describe('the pace of a queue', () => {
  test('is slow until something is known: one task at a time, none sent ahead', () => {
    const pace = new QueuePace();
    expect(pace.sliceSize('idempotent')).toBe(1);
    expect(pace.heldLimit(100, 'idempotent')).toBe(100);
  });

  test('makes large slices of fast tasks and sends them ahead, within bounds', () => {
    const pace = new QueuePace();
    pace.record(10 * 128, 128);
    expect(pace.sliceSize('keyed')).toBe(128);
    expect(pace.heldLimit(100, 'keyed')).toBe(8_192);
    expect(pace.heldLimit(10_000, 'keyed')).toBe(10_000);
  });

  test.each([
    [100, 2_100],
    [1_000, 300],
    [4_000, 200],
    [80_000, 110],
  ])('sends no more ahead of tasks of %i us than one thread does in 0.2 s, or as many as there are slots', (meanUs, held) => {
    const pace = new QueuePace();
    pace.record(meanUs, 1);
    expect(pace.heldLimit(100, 'idempotent')).toBe(held);
  });

  test('gives slow tasks one by one, hardly ahead', () => {
    const pace = new QueuePace();
    pace.record(2_000_000, 1);
    expect(pace.sliceSize('idempotent')).toBe(1);
    expect(pace.heldLimit(100, 'idempotent')).toBe(100);
  });

  test('never sends unsafe tasks ahead, however fast they are', () => {
    const pace = new QueuePace();
    pace.record(1, 1);
    expect(pace.sliceSize('unsafe')).toBe(1);
    expect(pace.heldLimit(10, 'unsafe')).toBe(10);
  });

  test('makes slices of tasks that fail fast while none has succeeded, and sends none of them ahead', () => {
    const pace = new QueuePace();
    pace.recordFailed(100 * 10, 10);
    expect([pace.sliceSize('idempotent'), pace.sliceSize('unsafe')]).toEqual([100, 1]);
    expect([pace.heldLimit(100, 'idempotent'), pace.taskMs]).toEqual([100, null]);
    for (let report = 0; report < 10; report += 1) pace.recordFailed(1_000_000, 1);
    expect(pace.sliceSize('idempotent')).toBe(1);
  });

  test('goes by what has succeeded as soon as there is any, however fast others fail', () => {
    const pace = new QueuePace();
    pace.record(2_000_000, 1);
    pace.recordFailed(1, 1);
    expect([pace.sliceSize('idempotent'), pace.heldLimit(100, 'idempotent')]).toEqual([1, 100]);
  });

  test('follows a change within a few reports', () => {
    const pace = new QueuePace();
    pace.record(10, 1);
    for (let report = 0; report < 10; report += 1) pace.record(1_000_000, 1);
    expect(pace.sliceSize('idempotent')).toBe(1);
  });
});
