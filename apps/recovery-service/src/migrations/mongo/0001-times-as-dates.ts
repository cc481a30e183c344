import type { Migration } from '@kintsugi/persistence';

const isText = { $type: 'string' } as const;

/**
 * What people edit is kept by models, whose times are dates and whose documents say when they were made and in which version
 * they are. Before, times were texts; when a retry config was made was not kept, so its last change stands for it.
 */
export const timesAsDates: Migration = {
  name: 'times-as-dates',
  async up(store) {
    const configs = store.collection('retry_configs');
    await configs.updateMany({ updated_at: isText }, [{ $set: { updated_at: { $toDate: '$updated_at' } } }]);
    await configs.updateMany({ created_at: { $exists: false } }, [{ $set: { created_at: '$updated_at' } }]);
    const recoveries = store.collection('manual_recoveries');
    await recoveries.updateMany({ requested_at: isText }, [{ $set: { requested_at: { $toDate: '$requested_at' } } }]);
    await recoveries.updateMany({ version: { $exists: false } }, { $set: { version: 0 } });
  },
};
