import { describe, it } from '@jest/globals';
import { knownHostPromises } from './known-hosts-conformance.js';
import { KnownHostsInMemory } from './known-hosts-in-memory.js';

describe('the hosts of pools in memory', () => {
  it.each(knownHostPromises)('%s', (_promise, hold) => hold(new KnownHostsInMemory()));
});
