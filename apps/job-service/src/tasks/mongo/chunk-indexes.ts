import type { IndexDefinition } from '@kintsugi/persistence';

export const chunkCollection = 'chunks';

/** Each but the last holds only the chunks that somebody looks for: a chunk at rest costs the index of its job and no other. */
export const chunkIndexes: readonly IndexDefinition[] = [
  // What can run, in the order in which it should.
  {
    collection: chunkCollection,
    keys: { queue: 1, priority: -1, _id: 1 },
    options: { name: 'ready', partialFilterExpression: { ready: { $gt: 0 } } },
  },
  {
    collection: chunkCollection,
    keys: { job_id: 1, sequence: 1 },
    // Not `$type`: the planner does not see that an id is a string, and would read every chunk there is.
    options: { name: 'job', partialFilterExpression: { job_id: { $gt: '' } } },
  },
  {
    collection: chunkCollection,
    keys: { queue: 1 },
    options: { name: 'open_bundles', partialFilterExpression: { job_id: null, open: { $gt: 0 } } },
  },
  {
    collection: chunkCollection,
    keys: { 'leases.fence': 1 },
    options: { name: 'leased', partialFilterExpression: { 'leases.fence': { $exists: true } } },
  },
  {
    collection: chunkCollection,
    keys: { 'outbox.at': 1 },
    options: { name: 'outbox', partialFilterExpression: { 'outbox.at': { $exists: true } } },
  },
  {
    collection: chunkCollection,
    keys: { 'tally.failed': 1 },
    options: { name: 'undecided', partialFilterExpression: { 'tally.failed': { $gt: 0 } } },
  },
  {
    collection: chunkCollection,
    keys: { 'tally.outcome_unknown': 1 },
    options: { name: 'unclear', partialFilterExpression: { 'tally.outcome_unknown': { $gt: 0 } } },
  },
  {
    collection: chunkCollection,
    keys: { 'tally.quarantined': 1 },
    options: { name: 'quarantined', partialFilterExpression: { 'tally.quarantined': { $gt: 0 } } },
  },
  {
    collection: chunkCollection,
    keys: { staged_at: 1 },
    options: { name: 'staged', expireAfterSeconds: 86_400, partialFilterExpression: { staged_at: { $exists: true } } },
  },
];
