import { describe, it } from '@jest/globals';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { recoverablePromises } from './recoverable-records-conformance.js';
import { RecoverableRecordsInMemory } from './recoverable-records-in-memory.js';

describe('the records that a person may bring back, in memory', () => {
  it.each(recoverablePromises)('%s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), recoverable: new RecoverableRecordsInMemory(stored) });
  });
});
