import { describe, it } from '@jest/globals';
import { groupRecoveryPromises } from './group-recoveries-conformance.js';
import { GroupRecoveriesInMemory } from './group-recoveries-in-memory.js';

describe('the recoveries of groups in memory', () => {
  it.each(groupRecoveryPromises)('%s', async (_promise, hold) => {
    await hold(new GroupRecoveriesInMemory());
  });
});
