import { describe, test } from '@jest/globals';
import { deletionPromises } from './deletions-conformance.js';
import { DeletionsInMemory } from './deletions-in-memory.js';

describe('deletions in memory', () => {
  test.each(deletionPromises)('%s', (_promise, hold) => hold(new DeletionsInMemory()));
});
