import { expect, test } from '@jest/globals';
import type { JobRecord } from './job.js';
import { givenByJob } from './given-by-job.js';

const created_at = '2026-01-01T10:00:00.000Z';
const acceptedAt = (run_at?: string): number =>
  givenByJob({ type: 'send', labels: {}, created_at, ...(run_at ? { run_at } : {}) } as JobRecord).accepted_at;

test('tasks wait from the acceptance of their job on', () => {
  expect(acceptedAt()).toBe(Date.parse(created_at));
  expect(acceptedAt('2026-01-01T09:00:00.000Z')).toBe(Date.parse(created_at));
});

test('tasks that were not to run before a time have not waited until then', () => {
  expect(acceptedAt('2026-01-01T12:00:00.000Z')).toBe(Date.parse('2026-01-01T12:00:00.000Z'));
});
