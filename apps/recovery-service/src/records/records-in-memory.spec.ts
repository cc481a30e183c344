import { describe, it } from '@jest/globals';
import { cancelledJobPromises } from './cancelled-jobs-conformance.js';
import { CancelledJobsInMemory } from './cancelled-jobs-in-memory.js';
import { searchPromises } from './error-record-search-conformance.js';
import { ErrorRecordSearchInMemory } from './error-record-search-in-memory.js';
import { errorRecordPromises } from './error-records-conformance.js';
import { ErrorRecordsInMemory, type StoredRecords } from './error-records-in-memory.js';
import { manualRecoveryPromises } from './manual-recoveries-conformance.js';
import { ManualRecoveriesInMemory } from './manual-recoveries-in-memory.js';
import { recoveryItemPromises } from './recovery-items-conformance.js';
import { RecoveryItemsInMemory } from './recovery-items-in-memory.js';

describe('the error records in memory', () => {
  it.each(errorRecordPromises)('%s', async (_promise, hold) => {
    await hold(new ErrorRecordsInMemory());
  });

  it.each(searchPromises)('searched: %s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), search: new ErrorRecordSearchInMemory(stored) });
  });
});

describe('the cancelled jobs in memory', () => {
  it.each(cancelledJobPromises)('%s', async (_promise, hold) => {
    await hold(new CancelledJobsInMemory());
  });
});

describe('the manual recoveries in memory', () => {
  it.each(manualRecoveryPromises)('%s', async (_promise, hold) => {
    await hold(new ManualRecoveriesInMemory());
  });
});

describe('the items of recoveries in memory', () => {
  it.each(recoveryItemPromises)('%s', async (_promise, hold) => {
    await hold(new RecoveryItemsInMemory());
  });
});
