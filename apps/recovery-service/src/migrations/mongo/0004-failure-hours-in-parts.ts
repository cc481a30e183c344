import type { Migration } from '@kintsugi/persistence';

/**
 * Hours of failures are laid down in parts, and anew. A Kintsugi of before announces no change of them, or reads them otherwise:
 * it starts on this version no more, so that none changes records beside what is laid down.
 */
export const failureHoursInParts: Migration = {
  name: 'failure-hours-in-parts',
  async up(store) {
    await store.collection('failure_hours').deleteMany({});
  },
};
