export { Store, durable, type StoreOptions } from './store.js';
export { ensureIndexes, isUnreachable, untilReachable, type IndexDefinition } from './ensure-indexes.js';
export { ensureRetention, type Retention } from './ensure-retention.js';
export { DeadLetterStore, deadLetterIndexes, type DeadLetter } from './dead-letter-store.js';
export { Leadership, type LeadershipOptions } from './leadership.js';
