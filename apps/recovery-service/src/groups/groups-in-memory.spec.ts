import { describe, it } from '@jest/globals';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { failureGroupPromises } from './failure-groups-conformance.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';
import { learntTemplatePromises } from './learnt-templates-conformance.js';
import { LearntTemplatesInMemory } from './learnt-templates-in-memory.js';

describe('the groups of failures in memory', () => {
  it.each(failureGroupPromises)('%s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), groups: new FailureGroupsInMemory(stored) });
  });
});

describe('what was learnt of messages in memory', () => {
  it.each(learntTemplatePromises)('%s', async (_promise, hold) => hold(new LearntTemplatesInMemory()));
});
