import { describe, it } from '@jest/globals';
import { stepPromises } from './step-record-conformance.js';
import { StepRecordInMemory } from './step-record-in-memory.js';

describe('the record of steps in memory', () => {
  it.each(stepPromises)('%s', async (_promise, hold) => {
    await hold(new StepRecordInMemory());
  });
});
