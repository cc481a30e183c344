import { MongooseModule } from '@nestjs/mongoose';
import { Schema } from 'mongoose';
import { isErrorTypePattern, retryConfigSchema as contract, type RetryConfig, type RetryCondition } from '@kintsugi/contracts';
import { modelOptions } from '@kintsugi/persistence/models';

/** One version of a config. */
export interface StoredVersion {
  version: number;
  /** JSON text, as conditions compare with anything; null where it was taken back. */
  config: string | null;
  changed_at: Date;
  changed_by: string;
  reverted_to?: number;
}

export interface StoredRetryConfig extends RetryConfig {
  /** The error type. */
  _id: string;
  /** Present while nothing is set for it: it is removed some time after. */
  unset_at?: Date;
  /** Oldest first. */
  history: StoredVersion[];
  /** Rises with each change, so that a change made on an outdated reading is noticed. */
  version: number;
  created_at: Date;
  updated_at: Date;
}

export const retryConfigModel = 'RetryConfig';

export const retryConfigCollection = 'retry_configs';

const part = { ...modelOptions, _id: false } as const;

const conditionSchema = new Schema<RetryCondition>(
  {
    field: { type: String, required: true },
    operator: { type: String, required: true },
    value: { type: Schema.Types.Mixed },
  },
  part,
);

const ruleSchema = new Schema(
  { when: { type: [conditionSchema], required: true }, action: { type: String, required: true }, reason: { type: String } },
  part,
);

const versionSchema = new Schema<StoredVersion>(
  {
    version: { type: Number, required: true },
    config: { type: String, default: null },
    changed_at: { type: Date, required: true },
    changed_by: { type: String, required: true },
    reverted_to: { type: Number },
  },
  { _id: false, strict: 'throw', versionKey: false },
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
    jitter: { type: String },
    max_retry_after: { type: Number },
    rules: { type: [ruleSchema], default: undefined },
    unset_at: { type: Date },
    history: { type: [versionSchema], default: [] },
  },
  {
    ...modelOptions,
    collection: retryConfigCollection,
    timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' },
  },
);

/**
 * The bounds are those of the contract: what is stored is what could have come in by a door. What is taken back may be from before a
 * bound was set.
 */
retryConfigSchema.pre('validate', function () {
  if (this.unset_at) return;
  const { _id, unset_at: _unset, history: _history, version: _version, ...rest } = this.toObject();
  const { created_at: _created, updated_at: _updated, ...config } = rest;
  for (const { path, message } of contract.safeParse(config).error?.issues ?? []) this.invalidate(path.join('.'), message);
  if (config.error_type !== _id) this.invalidate('error_type', 'the error type is the id');
  if (!isErrorTypePattern(_id)) this.invalidate('error_type', 'a star stands at the end');
});

export const retryConfigModels = MongooseModule.forFeature([{ name: retryConfigModel, schema: retryConfigSchema }]);
