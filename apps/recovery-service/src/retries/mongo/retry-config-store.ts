import type { Collection } from 'mongodb';
import type { RetryConfig } from '@kintsugi/contracts';
import type { Store } from '@kintsugi/persistence';

interface StoredRetryConfig extends RetryConfig {
  /** The error type. */
  _id: string;
  /** Rises with each change. */
  version: number;
  updated_at: string;
}

/** Configs that there may be: all of them are read for each group of failures. */
export const retryConfigsMax = 500;

/**
 * The retry configs set by error type. They are read anew for each group of failures, so that a change holds from the
 * next failure on for every replica; a cache would have to be told.
 */
export class RetryConfigStore {
  private readonly configs: Collection<StoredRetryConfig>;

  constructor(store: Store) {
    this.configs = store.collection<StoredRetryConfig>('retry_configs');
  }

  async all(): Promise<RetryConfig[]> {
    const projection = { _id: 0, version: 0, updated_at: 0 };
    return this.configs.find({}, { projection }).sort({ _id: 1 }).limit(retryConfigsMax).toArray();
  }

  async count(): Promise<number> {
    return this.configs.countDocuments();
  }

  async has(errorType: string): Promise<boolean> {
    return (await this.configs.countDocuments({ _id: errorType }, { limit: 1 })) > 0;
  }

  /** Gives whether there was one. */
  async remove(errorType: string): Promise<boolean> {
    return (await this.configs.deleteOne({ _id: errorType })).deletedCount > 0;
  }

  /** Gives whether a config of the error type was replaced. */
  async save(config: RetryConfig, now: string): Promise<boolean> {
    const before = await this.configs.findOneAndUpdate(
      { _id: config.error_type },
      { $set: { ...config, updated_at: now }, $inc: { version: 1 } },
      { upsert: true, returnDocument: 'before' },
    );
    return before !== null;
  }
}
