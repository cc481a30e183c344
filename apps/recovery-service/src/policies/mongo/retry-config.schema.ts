import { MongooseModule } from '@nestjs/mongoose';
import { Schema } from 'mongoose';
import { isErrorTypePattern, retryConfigSchema as contract, type RetryCondition, type RetryConfig } from '@kintsugi/contracts';
import { modelOptions } from '@kintsugi/persistence/models';

export interface StoredRetryConfig extends RetryConfig {
  /** The error type. */
  _id: string;
  /** Rises with each change, so that a change made on an outdated reading is noticed. */
  version: number;
  created_at: Date;
  updated_at: Date;
}

export const retryConfigModel = 'RetryConfig';

const conditionSchema = new Schema<RetryCondition>(
  {
    field: { type: String, required: true },
    operator: { type: String, required: true },
    value: { type: Schema.Types.Mixed },
  },
  { ...modelOptions, _id: false },
);

export const retryConfigSchema = new Schema<StoredRetryConfig>(
  {
    _id: { type: String, required: true, immutable: true },
    error_type: { type: String, required: true, immutable: true },
    max_attempts: { type: Number, required: true },
    initial_delay: { type: Number, required: true },
    max_delay: { type: Number, required: true },
    backoff_factor: { type: Number, required: true },
    retry_conditions: { type: [conditionSchema], required: true },
  },
  {
    ...modelOptions,
    collection: 'retry_configs',
    timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
  },
);

/** The bounds are those of the contract: what is stored is what could have come in by a door. */
retryConfigSchema.pre('validate', function () {
  const { _id, version: _version, created_at: _created, updated_at: _updated, ...config } = this.toObject();
  for (const { path, message } of contract.safeParse(config).error?.issues ?? []) this.invalidate(path.join('.'), message);
  if (config.error_type !== _id) this.invalidate('error_type', 'the error type is the id');
  if (!isErrorTypePattern(_id)) this.invalidate('error_type', 'a star stands at the end');
});

export const retryConfigModels = MongooseModule.forFeature([{ name: retryConfigModel, schema: retryConfigSchema }]);
