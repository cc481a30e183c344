import { describe, it } from '@jest/globals';
import { recordPromises } from './chunk-record-conformance.js';
import { ChunkRecordInMemory } from './chunk-record-in-memory.js';

describe('the record of chunks in memory', () => {
  it.each(recordPromises)('%s', async (_promise, hold) => {
    const stored = new Map();
    await hold((epoch, sure) => new ChunkRecordInMemory({ stored, epoch: () => epoch, ...(sure ? { sure } : {}) }));
  });
});
