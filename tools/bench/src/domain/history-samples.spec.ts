import { describe, expect, test } from '@jest/globals';
import { bundleSamples, creationSample, endingSample, jobsOfBundle } from './history-samples.js';

const now = Date.parse('2026-11-28T12:00:00.000Z');
const uuidOf = (at: number): string => `01890a5d-ac96-774b-bcce-${at.toString(16).padStart(12, '0')}`;
const bundles = [...bundleSamples({ jobs: 600, now }, uuidOf)];

describe('jobs that the history is told of', () => {
  test('are as many as were asked for, each created and ended once', () => {
    const created = bundles.flatMap((bundle) => creationSample(bundle).jobs.map(({ job_id: id }) => id));
    const ended = bundles.flatMap((bundle) =>
      (['completed', 'failed'] as const).flatMap((status) => endingSample(bundle, status).jobs.map(({ job_id: id }) => id)),
    );
    expect([new Set(created).size, bundles.map(({ count }) => count)]).toEqual([600, [jobsOfBundle, jobsOfBundle, 88]]);
    expect(ended.sort()).toEqual(created.sort());
  });

  test('have ids of their own where they have many tasks, and each other one its place in the bundle', () => {
    const wide = { each: 10, tasks: 91 };
    const spread = [...bundleSamples({ jobs: 600, now, wide }, uuidOf)];
    const created = spread.flatMap((bundle) => creationSample(bundle).jobs);
    const ended = spread.flatMap((bundle) =>
      (['completed', 'failed'] as const).flatMap((status) => endingSample(bundle, status).jobs),
    );
    expect(new Set(created.map(({ job_id: id }) => id)).size).toBe(600);
    expect(created.reduce((sum, { total_tasks: tasks }) => sum + (tasks ?? 0), 0)).toBe(6_000);
    expect(created.filter(({ job_id: id, total_tasks: tasks }) => id.includes('.') === (tasks !== 1))).toEqual([]);
    const tasksOf = (jobs: readonly { job_id: string; total_tasks: number | null }[]) =>
      jobs.map(({ job_id: id, total_tasks: tasks }) => `${id} ${tasks}`).sort();
    expect(tasksOf(ended)).toEqual(tasksOf(created));
  });

  test('are of the week before, and of one type a bundle', () => {
    for (const bundle of bundles) {
      expect(new Set(creationSample(bundle).jobs.map(({ type }) => type)).size).toBe(1);
      expect(bundle.at).toBeLessThan(now);
    }
  });
});
