import { describe, it } from '@jest/globals';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { timerPromises } from './retry-timers-conformance.js';
import { RetryTimersInMemory } from './retry-timers-in-memory.js';

describe('the timers of retries in memory', () => {
  it.each(timerPromises)('%s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), timers: new RetryTimersInMemory(stored) });
  });
});
