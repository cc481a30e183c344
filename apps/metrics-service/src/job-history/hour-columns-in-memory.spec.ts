import { test } from '@jest/globals';
import { hourColumnsPromises } from './hour-columns-conformance.js';
import { HourColumnsInMemory } from './hour-columns-in-memory.js';

test.each(hourColumnsPromises)('a keeper of hours in memory %s', async (_, hold) => {
  await hold(new HourColumnsInMemory());
});
