import { describe, it } from '@jest/globals';
import { retryConfigPromises } from './retry-configs-conformance.js';
import { RetryConfigsInMemory } from './retry-configs-in-memory.js';

describe('the retry configs in memory', () => {
  it.each(retryConfigPromises)('%s', async (_promise, hold) => {
    await hold(new RetryConfigsInMemory());
  });
});
