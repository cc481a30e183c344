import { Schema } from 'mongoose';
import { apiKeySchema as contract, type ApiKeyRecord } from '@kintsugi/contracts';
import { modelOptions } from '../models.js';

export interface StoredApiKey extends Omit<ApiKeyRecord, 'id'> {
  /** The id of the key. */
  _id: string;
  /** Rises with each change of any key, so that a reader asks for what it does not know yet. */
  revision: number;
  rotated_at: Date | null;
  created_at: Date;
  updated_at: Date;
  version: number;
}

const time = { type: Date, default: null };

export const storedApiKeySchema = new Schema<StoredApiKey>(
  {
    _id: { type: String, required: true, immutable: true },
    role: { type: String, required: true, immutable: true },
    tenant: { type: String, default: null, immutable: true },
    sha256: { type: String, required: true },
    former_sha256: { type: String, default: null },
    former_expires_at: time,
    // What could be put off by whoever has the key would be no end.
    expires_at: { ...time, immutable: true },
    rotated_at: time,
    revoked_at: time,
    revision: { type: Number, required: true },
  },
  { ...modelOptions, collection: 'api_keys', timestamps: { createdAt: 'created_at', updatedAt: 'updated_at' } },
);

/** What is stored is what could have come in by a door. */
storedApiKeySchema.pre('validate', function () {
  const { _id, role, tenant, sha256, former_sha256, former_expires_at, expires_at, revoked_at } = this.toObject();
  const record = { id: _id, role, tenant, sha256, former_sha256, former_expires_at, expires_at, revoked_at };
  for (const { path, message } of contract.safeParse(record).error?.issues ?? []) {
    this.invalidate(path[0] === 'id' ? '_id' : path.join('.'), message);
  }
});
