import { describe, it } from '@jest/globals';
import { storePromises } from './chunk-store-conformance.js';
import { ChunkStoreInMemory } from './chunk-store-in-memory.js';

describe('the store of chunks in memory', () => {
  it.each(storePromises)('%s', async (_promise, hold) => {
    await hold(new ChunkStoreInMemory({ stored: new Map(), epoch: () => 1 }));
  });
});
