import type { Migration } from '@kintsugi/persistence';

interface StoredConfig {
  _id: string;
  updated_at: Date;
  version: number;
  [field: string]: unknown;
}

/** Policies tell their versions. Of those set before, only what holds is known, and not who set it. */
export const policyVersions: Migration = {
  name: 'policy-versions',
  async up(store) {
    const configs = store.collection<StoredConfig>('retry_configs');
    for await (const { _id, updated_at, created_at: _created, version: _version, ...config } of configs.find({
      history: { $exists: false },
    })) {
      const first = { version: 1, config: JSON.stringify(config), changed_at: updated_at, changed_by: 'unknown' };
      await configs.updateOne({ _id, history: { $exists: false } }, { $set: { history: [first] } });
    }
  },
};
