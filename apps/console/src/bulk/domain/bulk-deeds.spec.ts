import { describe, expect, test } from '@jest/globals';
import { isDestructive } from '../../jobs/domain/job-progress.js';
import { bulkDeeds, bulkJobsMax, filtersFor, isMeant, jobsOfRun } from './bulk-deeds.js';

describe('what is done to all jobs of a search', () => {
  test('is done to those that can be in such a state', () => {
    expect(filtersFor('retry', { type: 'greet' })).toEqual({ type: 'greet', status: ['failed'] });
    expect(filtersFor('delete', { status: ['failed', 'running'] })).toEqual({ status: ['failed'] });
    expect(filtersFor('cancel', {})?.status).toEqual(['scheduled', 'pending', 'running', 'paused', 'recovering']);
  });

  test('is not offered where none of them can', () => {
    expect(filtersFor('resume', { status: ['failed'] })).toBeNull();
    expect(bulkDeeds.filter((deed) => filtersFor(deed, { status: ['failed'] }) !== null)).toEqual(['retry', 'delete']);
  });

  test('goes through all that were counted, and as many as a run may where counting ended early', () => {
    expect(jobsOfRun({ total: 7, total_is_capped: false })).toBe(7);
    expect(jobsOfRun({ total: 2_000, total_is_capped: false })).toBe(bulkJobsMax);
    expect(jobsOfRun({ total: 6, total_is_capped: true })).toBe(bulkJobsMax);
    expect(jobsOfRun({ total: null, total_is_capped: false })).toBe(0);
  });

  test('leaves alone what was retried before, or has changed meanwhile', () => {
    expect(isMeant('retry', { status: 'failed' })).toBe(true);
    expect(isMeant('retry', { status: 'failed', retried_as: ['job_x'] })).toBe(false);
    expect(isMeant('delete', { status: 'failed', retried_as: ['job_x'] })).toBe(true);
    expect(isMeant('pause', { status: 'completed' })).toBe(false);
    expect(isMeant('pause', { status: 'pending', executor: 'external' })).toBe(false);
  });

  test('is typed before what cannot be taken back', () => {
    expect(bulkDeeds.filter(isDestructive)).toEqual(['cancel', 'delete']);
  });
});
