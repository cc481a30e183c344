import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, Error as MongooseError, type Model } from 'mongoose';
import type { RetryConfig } from '@kintsugi/contracts';
import { retryConfigsMax, type RetryConfigs } from '../retry-configs.js';
import { retryConfigModel, type StoredRetryConfig } from './retry-config.schema.js';

const duplicateKey = 11_000;
/** Each conflict means that somebody else's change was written: with fewer people than this, all get through. */
const writesMax = 20;

/** The retry configs in MongoDB. */
@Injectable()
export class RetryConfigStore implements RetryConfigs {
  constructor(@InjectModel(retryConfigModel) private readonly configs: Model<StoredRetryConfig>) {}

  async all(): Promise<RetryConfig[]> {
    const projection = { _id: 0, version: 0, created_at: 0, updated_at: 0 };
    return this.configs.find({}, projection).sort({ _id: 1 }).limit(retryConfigsMax).lean<RetryConfig[]>();
  }

  async count(): Promise<number> {
    return this.configs.countDocuments();
  }

  async has(errorType: string): Promise<boolean> {
    return (await this.configs.exists({ _id: errorType })) !== null;
  }

  async remove(errorType: string): Promise<boolean> {
    return (await this.configs.deleteOne({ _id: errorType })).deletedCount > 0;
  }

  async save(config: RetryConfig): Promise<boolean> {
    for (let round = 1; ; round += 1) {
      try {
        return await this.saveOver(await this.configs.findById(config.error_type), config);
      } catch (error) {
        if (!isConflict(error) || round === writesMax) throw error;
      }
    }
  }

  private async saveOver(before: InstanceType<Model<StoredRetryConfig>> | null, config: RetryConfig): Promise<boolean> {
    if (before) await before.set(config).save();
    else await this.configs.create({ _id: config.error_type, ...config });
    return before !== null;
  }
}

/** Whether somebody else has made, changed or removed the same config since it was read. */
function isConflict(error: unknown): boolean {
  return (
    error instanceof MongooseError.VersionError ||
    error instanceof MongooseError.DocumentNotFoundError ||
    (error instanceof mongo.MongoServerError && error.code === duplicateKey)
  );
}
