import { Schema } from 'mongoose';
import type { AuditPart } from '@kintsugi/contracts';
import { modelOptions } from '../models.js';
import { auditCollection, type StoredAuditEntry } from './audit-log.js';

const text = { type: String, immutable: true } as const;
const seen = { type: Schema.Types.Mixed, immutable: true, default: null } as const;

const plain = { _id: false, strict: 'throw', versionKey: false } as const;
const actorSchema = new Schema<AuditPart['actor']>(
  { key: text, name: text, role: text, tenant: text, door: text, address: text },
  plain,
);
const partSchema = new Schema<AuditPart>(
  {
    actor: { type: actorSchema, immutable: true },
    tenant: text,
    request_id: text,
    subjects: { type: [String], immutable: true },
  },
  plain,
);

/** What an audit says is never changed: whoever wants to by way of the model is refused. The chain tells of every other way. */
export const auditEntryModelSchema = new Schema<StoredAuditEntry>(
  {
    _id: { type: Number, required: true, immutable: true },
    service: text,
    at: text,
    instance: text,
    phase: text,
    call: { type: Number, immutable: true, default: null },
    action: text,
    by: { type: [partSchema], immutable: true },
    given: seen,
    before: seen,
    after: seen,
    problem: text,
    previous: text,
    key_id: text,
    hash: text,
    signature: text,
  },
  { ...modelOptions, versionKey: false, optimisticConcurrency: false, collection: auditCollection },
);

const changing = ['updateOne', 'updateMany', 'replaceOne', 'findOneAndUpdate', 'findOneAndReplace'] as const;
const removing = ['deleteOne', 'deleteMany', 'findOneAndDelete'] as const;

auditEntryModelSchema.pre([...changing, ...removing], function () {
  throw new Error('An audit is only ever added to.');
});
