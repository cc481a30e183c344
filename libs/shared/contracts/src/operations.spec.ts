import { describe, expect, test } from '@jest/globals';
import { operations, type ActionName } from './operations.js';

const names = Object.keys(operations) as ActionName[];

/** The fields of a request, also behind a refinement. */
function fieldsOf(action: ActionName): string[] {
  return Object.keys((operations[action].request as { shape?: object }).shape ?? {});
}

describe('what is asked is kept to the tenant of whoever asks', () => {
  test.each(names.filter((name) => 'endpoint' in operations[name] || operations[name].tenancy === 'job'))(
    '%s, which comes in from outside, is no request between services',
    (name) => {
      expect(operations[name].tenancy).not.toBe('services');
    },
  );

  test.each(names.filter((name) => fieldsOf(name).includes('job_id')))('%s names a job, and so is kept to its tenant', (name) => {
    expect(['job', 'records', 'services', 'new']).toContain(operations[name].tenancy);
    // Only an upload names the job that it will be.
    if (operations[name].tenancy === 'new') expect(name).toBe('commitUpload');
    if (operations[name].tenancy === 'services') expect(operations[name].about).toContain('Between services');
  });

  test.each(names.filter((name) => operations[name].tenancy === 'job'))(
    '%s names the job by job_id, where the guard looks',
    (name) => {
      expect(fieldsOf(name)).toContain('job_id');
    },
  );
});
