import { describe, it } from '@jest/globals';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { owingPromises } from './owing-records-conformance.js';
import { OwingRecordsInMemory } from './owing-records-in-memory.js';

describe('what is owed, in memory', () => {
  it.each(owingPromises)('%s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), owing: new OwingRecordsInMemory(stored) });
  });
});
