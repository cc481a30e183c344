import { UsageStoreInMemory } from './usage-store-in-memory.js';
import { describeUsageStore } from './usage-store-conformance.js';

describeUsageStore('in memory', async () => new UsageStoreInMemory());
