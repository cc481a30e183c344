import { describe, it } from '@jest/globals';
import { childJobPromises } from './child-jobs-conformance.js';
import { jobPromises } from './job-records-conformance.js';
import { JobRecordsInMemory } from './job-records-in-memory.js';
import { jobWaitPromises } from './job-waits-conformance.js';

describe('the records of jobs in memory', () => {
  it.each(jobPromises)('%s', async (_promise, hold) => {
    await hold(new JobRecordsInMemory());
  });

  it.each(childJobPromises)('the jobs that handlers have made: %s', async (_promise, hold) => {
    const records = new JobRecordsInMemory();
    await hold({ records, children: records });
  });

  it.each(jobWaitPromises)('what jobs wait for: %s', async (_promise, hold) => {
    const records = new JobRecordsInMemory();
    await hold({ records, waits: records });
  });
});
