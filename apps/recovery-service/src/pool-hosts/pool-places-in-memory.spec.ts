import { describe, it } from '@jest/globals';
import { poolPlacePromises } from './pool-places-conformance.js';
import { PoolPlacesInMemory } from './pool-places-in-memory.js';

describe('the places of pools in memory', () => {
  it.each(poolPlacePromises)('%s', (_promise, hold) => {
    const clock = { time: 0 };
    return hold(new PoolPlacesInMemory({ now: () => clock.time }), clock);
  });
});
