export { Store, durable, type StoreOptions } from './store.js';
export { ensureIndexes, isUnreachable, untilReachable, type IndexDefinition } from './ensure-indexes.js';
export { ensureRetention, type Retention } from './ensure-retention.js';
export { DeadLetterStore, deadLetterIndexes, type DeadLetter } from './dead-letter-store.js';
export { handleApart, type FailedItem } from './handle-apart.js';
export { willPass } from './will-pass.js';
export { leadByTurns } from './lead-by-turns.js';
export { Leadership, type LeadershipOptions } from './leadership.js';
