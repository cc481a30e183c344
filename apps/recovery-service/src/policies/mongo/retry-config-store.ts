import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { Error as MongooseError, type Model } from 'mongoose';
import type { ListedRetryConfig, RetryConfig, RetryConfigVersion } from '@kintsugi/contracts';
import { isDuplicateKey } from '@kintsugi/persistence';
import { isSameConfig } from '../domain/config-versions.js';
import { retryConfigsMax, versionsMax, type ChangedConfig, type ConfigChange, type RetryConfigs } from '../retry-configs.js';
import { retryConfigCollection, retryConfigModel, type StoredRetryConfig, type StoredVersion } from './retry-config.schema.js';

/** Each conflict means that somebody else's change was written: with fewer people than this, all get through. */
const writesMax = 20;
const isSet = { unset_at: { $exists: false } } as const;
/** Fields of a config that may be left out: one that replaces another takes them away. */
const nothingMore = { jitter: undefined, max_retry_after: undefined, rules: undefined, unset_at: undefined };

export const retryConfigRetention = { collection: retryConfigCollection, field: 'unset_at' } as const;

/** The retry configs in MongoDB. */
@Injectable()
export class RetryConfigStore implements RetryConfigs {
  constructor(@InjectModel(retryConfigModel) private readonly configs: Model<StoredRetryConfig>) {}

  async all(): Promise<RetryConfig[]> {
    const projection = { _id: 0, version: 0, created_at: 0, updated_at: 0, history: 0 };
    return this.configs.find(isSet, projection).sort({ _id: 1 }).limit(retryConfigsMax).lean<RetryConfig[]>();
  }

  async listed(): Promise<ListedRetryConfig[]> {
    const newest = { _id: 0, version: 0, created_at: 0, updated_at: 0, history: { $slice: -1 } };
    const found = await this.configs
      .find(isSet, newest)
      .sort({ _id: 1 })
      .limit(retryConfigsMax)
      .lean<(RetryConfig & Pick<StoredRetryConfig, 'history'>)[]>();
    return found.map(({ history, ...config }) => {
      const { version = 1, changed_at = new Date(0), changed_by = '' } = history.at(-1) ?? {};
      return { ...config, version, changed_at: changed_at.toISOString(), changed_by };
    });
  }

  async count(): Promise<number> {
    return this.configs.countDocuments(isSet);
  }

  async has(errorType: string): Promise<boolean> {
    return (await this.configs.exists({ _id: errorType, ...isSet })) !== null;
  }

  async history(errorType: string): Promise<RetryConfigVersion[]> {
    const found = await this.configs.findById(errorType, { history: 1 }).lean<Pick<StoredRetryConfig, 'history'>>();
    return (found?.history ?? []).map(versionOf).reverse();
  }

  async change(
    errorType: string,
    config: RetryConfig | null,
    change: ConfigChange,
    expected?: number,
  ): Promise<ChangedConfig | null> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.changeOnce(errorType, config, change, expected);
      } catch (error) {
        if (!isConflict(error) || round === writesMax) throw error;
      }
    }
  }

  private async changeOnce(
    errorType: string,
    config: RetryConfig | null,
    { changed_at, ...change }: ConfigChange,
    expected: number | undefined,
  ): Promise<ChangedConfig | null> {
    const found = await this.configs.findById(errorType);
    const newest = found?.history.at(-1);
    const version = newest?.version ?? 0;
    if (expected !== undefined && version !== expected) return null;
    const before = newest ? versionOf(newest).config : null;
    if (isSameConfig(before, config)) return { replaced: before !== null, version };
    const next = {
      ...{ version: version + 1, config: config && JSON.stringify(config), changed_at: new Date(changed_at) },
      ...change,
    };
    if (!found) await this.configs.create({ _id: errorType, ...config, history: [next] });
    else {
      found.set(config ? { ...nothingMore, ...config } : { unset_at: new Date(changed_at) });
      found.set('history', [...found.history, next].slice(-versionsMax));
      await found.save();
    }
    return { replaced: before !== null, version: version + 1 };
  }
}

function versionOf({ version, config, changed_at, changed_by, reverted_to }: StoredVersion): RetryConfigVersion {
  return {
    ...{ version, changed_at: changed_at.toISOString(), changed_by },
    config: config === null ? null : (JSON.parse(config) as RetryConfig),
    ...(reverted_to === undefined ? {} : { reverted_to }),
  };
}

/** Whether somebody else has made, changed or removed the same config since it was read. */
function isConflict(error: unknown): boolean {
  return (
    error instanceof MongooseError.VersionError || error instanceof MongooseError.DocumentNotFoundError || isDuplicateKey(error)
  );
}
