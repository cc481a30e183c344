import type { Migration } from '@kintsugi/persistence';

/** Records tell every run that failed. Of those made before, only the last one is known, and not how long its retry waited. */
export const failedRuns: Migration = {
  name: 'failed-runs',
  async up(store) {
    const last = { attempt: '$attempt', failed_at: '$timestamp', error_type: '$error_type', retry_delay_ms: null };
    await store.collection('error_records').updateMany({ failed_runs: { $exists: false } }, [{ $set: { failed_runs: [last] } }]);
  },
};
