import { describe, expect, test } from '@jest/globals';
import { planOf, unknownNames } from './bench-plan.js';
import { measurementNames, systemNames } from './domain/systems.js';

describe('a plan', () => {
  test('measures everything five times when nothing is said', () => {
    const plan = planOf({});
    expect(plan).toMatchObject({ quick: false, runs: 5, bulkTasks: 100_000, singleJobs: 20_000, pickups: 300 });
    expect(plan.systems).toEqual(systemNames);
    expect(plan.measurements).toEqual(measurementNames);
  });

  test('is smaller when quick, and keeps the two sizes that memory is compared after', () => {
    const plan = planOf({ quick: true });
    expect(plan.runs).toBe(3);
    expect(plan.bulkTasks).toBeLessThan(100_000);
    expect(plan.memoryTasks).toEqual([100_000, 1_000_000]);
    expect([planOf({}).errorRecords, plan.errorRecords]).toEqual([1_000_000, 100_000]);
  });

  test('takes the number of runs that was asked for', () => {
    expect(planOf({ quick: true, runs: 7 }).runs).toBe(7);
  });

  test('keeps to the named measurements, systems, or both', () => {
    expect(planOf({ only: ['http'] })).toMatchObject({ measurements: ['http'], systems: ['kintsugi', 'restate'] });
    expect(planOf({ only: ['bullmq', 'kintsugi', 'pickup'] })).toMatchObject({
      measurements: ['pickup'],
      systems: ['kintsugi', 'bullmq'],
    });
  });
});

test('a system that is measured in nothing that is wanted stays out', () => {
  expect(planOf({ only: ['memory'] }).systems).toEqual(['kintsugi']);
  expect(planOf({ only: ['logs'] }).systems).toEqual(['kintsugi']);
  expect(planOf({ only: ['bulk'] }).systems).not.toContain('dbos');
});

test('names that nothing has are told', () => {
  expect(unknownNames(['bulk', 'bulky', 'bullmq', 'sidekiq'])).toEqual(['bulky', 'sidekiq']);
});
