import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { RequeueTasks } from '@kintsugi/contracts';
import type { ManualRecoveries, ManualRecoveryRequest, PersonsOrder } from '../manual-recoveries.js';
import { manualRecoveryCollection, manualRecoveryModel, type StoredManualRecovery } from './manual-recovery.schema.js';

export const manualRecoveryRetention = { collection: manualRecoveryCollection, field: 'needed_at' } as const;

/** The manual recoveries in MongoDB. */
@Injectable()
export class ManualRecoveryStore implements ManualRecoveries {
  constructor(@InjectModel(manualRecoveryModel) private readonly recoveries: Model<StoredManualRecovery>) {}

  /** One that waits may do so for longer than others are kept: its time counts from the end of waiting on. */
  async add({ id, params, from_step: fromStep, waits_until: until, ...request }: ManualRecoveryRequest): Promise<void> {
    const text = params === undefined ? null : JSON.stringify(params);
    const needed = new Date(Math.max(Date.now(), until ?? 0));
    await this.recoveries.create({ _id: id, ...request, needed_at: needed, params: text, from_step: fromStep ?? null });
  }

  async remove(id: string): Promise<void> {
    await this.recoveries.deleteOne({ _id: id });
  }

  async removeOf(recordIds: readonly string[], jobIds: readonly string[]): Promise<void> {
    await this.recoveries.deleteMany({ $or: [{ error_record_id: { $in: [...recordIds] } }, { job_id: { $in: [...jobIds] } }] });
  }

  async renew(id: string): Promise<boolean> {
    return (await this.recoveries.updateOne({ _id: id }, { $set: { needed_at: new Date() } })).matchedCount > 0;
  }

  async ordersOf(ids: readonly string[]): Promise<Map<string, PersonsOrder>> {
    await this.recoveries.updateMany({ _id: { $in: [...ids] } }, { $set: { needed_at: new Date() } });
    return this.find(ids);
  }

  async find(ids: readonly string[]): Promise<Map<string, PersonsOrder>> {
    const filter = { _id: { $in: [...ids] } };
    const fields = { params: 1, from_step: 1, requested_by: 1 };
    const found = await this.recoveries.find(filter, fields).lean<Pick<StoredManualRecovery, '_id' | keyof typeof fields>[]>();
    return new Map(
      found.map(({ _id, params, from_step: fromStep, requested_by: requestedBy }) => [
        _id,
        {
          params: params === null ? null : (JSON.parse(params) as RequeueTasks['params']),
          // Those from before there were steps have no such field.
          fromStep: fromStep ?? null,
          requestedBy: requestedBy ?? null,
        },
      ]),
    );
  }
}
