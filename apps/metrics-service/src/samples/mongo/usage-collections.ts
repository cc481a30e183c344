import { MongoServerError } from 'mongodb';
import { untilReachable, type Store } from '@kintsugi/persistence';
import type { Resolution } from '../domain/usage-record.js';

export const usageCollections: Record<Resolution, string> = {
  sample: 'usage_samples',
  minute: 'usage_minutes',
  hour: 'usage_hours',
};

const granularity = { sample: 'seconds', minute: 'minutes', hour: 'hours' } as const;
const namespaceExists = 48;

/** Brings the time-series collections to what the settings say, also where they said something else before. */
export async function prepareUsage(store: Store, keptMs: Record<Resolution, number>): Promise<void> {
  for (const [resolution, name] of Object.entries(usageCollections) as [Resolution, string][]) {
    const expireAfterSeconds = Math.round(keptMs[resolution] / 1_000);
    const timeseries = { timeField: 'at', metaField: 'of', granularity: granularity[resolution] };
    await untilReachable(async () => {
      try {
        await store.db.createCollection(name, { timeseries, expireAfterSeconds });
      } catch (error) {
        if (!(error instanceof MongoServerError) || error.code !== namespaceExists) throw error;
        await store.db.command({ collMod: name, expireAfterSeconds });
      }
      await store.collection(name).createIndex({ 'of.kind': 1, 'of.id': 1, at: 1 }, { name: 'of' });
    });
  }
}
