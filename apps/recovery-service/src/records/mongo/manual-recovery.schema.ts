import { MongooseModule } from '@nestjs/mongoose';
import { Schema } from 'mongoose';
import { doors, roles, type Actor } from '@kintsugi/contracts';
import { modelOptions } from '@kintsugi/persistence/models';

export interface StoredManualRecovery {
  _id: string;
  version: number;
  requested_at: Date;
  requested_by: Actor;
  /**
   * When it was last renewed or its params asked for, or until when it may wait for that: it is kept from then on, so that an
   * order that is still owed has them.
   */
  needed_at: Date;
  error_record_id: string | null;
  group_id: string | null;
  job_id: string | null;
  force: boolean;
  ignore_conditions: boolean;
  /** JSON text: params may have any keys. */
  params: string | null;
  from_step: string | null;
}

export const manualRecoveryModel = 'ManualRecovery';

export const manualRecoveryCollection = 'manual_recoveries';

/** What was asked for stays as it was asked; only how long it is needed changes. */
const asAsked = { immutable: true } as const;
const textOrNull = { type: String, default: null, ...asAsked };
const yesOrNo = { type: Boolean, required: true, ...asAsked };

const actorSchema = new Schema<Actor>(
  {
    key: { type: String, default: null },
    name: { type: String, required: true },
    role: { type: String, required: true, enum: roles },
    tenant: { type: String, default: null },
    door: { type: String, required: true, enum: doors },
    address: { type: String, default: null },
  },
  { ...modelOptions, _id: false },
);

export const manualRecoverySchema = new Schema<StoredManualRecovery>(
  {
    _id: { type: String, required: true, match: /^rcv_/, ...asAsked },
    requested_by: { type: actorSchema, required: true, ...asAsked },
    needed_at: { type: Date, required: true },
    error_record_id: textOrNull,
    group_id: textOrNull,
    job_id: textOrNull,
    force: yesOrNo,
    ignore_conditions: yesOrNo,
    params: textOrNull,
    from_step: textOrNull,
  },
  {
    ...modelOptions,
    collection: manualRecoveryCollection,
    timestamps: { createdAt: 'requested_at', updatedAt: false },
  },
);

manualRecoverySchema.pre('validate', function () {
  // Neither where it is a recovery of what a filter names.
  const isOfBoth = this.error_record_id !== null && this.group_id !== null;
  if (isOfBoth) this.invalidate('error_record_id', 'not both error_record_id and group_id');
});

export const manualRecoveryModels = MongooseModule.forFeature([{ name: manualRecoveryModel, schema: manualRecoverySchema }]);
