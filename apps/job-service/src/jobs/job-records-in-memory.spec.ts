import { describe, it } from '@jest/globals';
import { jobPromises } from './job-records-conformance.js';
import { JobRecordsInMemory } from './job-records-in-memory.js';

describe('the records of jobs in memory', () => {
  it.each(jobPromises)('%s', async (_promise, hold) => {
    await hold(new JobRecordsInMemory());
  });
});
