import { describe, it } from '@jest/globals';
import { externalPromises } from './external-records-conformance.js';
import { ExternalRecordsInMemory } from './external-records-in-memory.js';

describe('the records of external jobs in memory', () => {
  it.each(externalPromises)('%s', async (_promise, hold) => {
    await hold(new ExternalRecordsInMemory());
  });
});
