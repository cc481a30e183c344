import { test } from '@jest/globals';
import { logStorePromises } from './log-store-conformance.js';
import { LogStoreInMemory } from './log-store-in-memory.js';

test.each(logStorePromises)('logs in memory: %s', async (_, hold) => hold(new LogStoreInMemory()));
