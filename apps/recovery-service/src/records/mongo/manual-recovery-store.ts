import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { Actor, RequeueTasks } from '@kintsugi/contracts';
import { manualRecoveryCollection, manualRecoveryModel, type StoredManualRecovery } from './manual-recovery.schema.js';

export interface ManualRecoveryRequest extends Pick<
  StoredManualRecovery,
  'error_record_id' | 'group_id' | 'job_id' | 'force' | 'ignore_conditions' | 'requested_by'
> {
  id: string;
  params: RequeueTasks['params'];
}

/** What a person has asked for: params that are laid over those of the tasks, or null. */
export interface PersonsOrder {
  params: RequeueTasks['params'] | null;
  /** Null where it was asked for before that was kept. */
  requestedBy: Actor | null;
}

export const manualRecoveryRetention = { collection: manualRecoveryCollection, field: 'needed_at' } as const;

/** What people asked to be run again, and was granted: it says who the records' second life is due to, and holds the params. */
@Injectable()
export class ManualRecoveryStore {
  constructor(@InjectModel(manualRecoveryModel) private readonly recoveries: Model<StoredManualRecovery>) {}

  async add({ id, params, ...request }: ManualRecoveryRequest): Promise<void> {
    const text = params === undefined ? null : JSON.stringify(params);
    await this.recoveries.create({ _id: id, ...request, needed_at: new Date(), params: text });
  }

  /** Of one of which nothing came. */
  async remove(id: string): Promise<void> {
    await this.recoveries.deleteOne({ _id: id });
  }

  /** What was asked for by each manual recovery; one that is not known is left out. */
  async ordersOf(ids: readonly string[]): Promise<Map<string, PersonsOrder>> {
    const filter = { _id: { $in: [...ids] } };
    await this.recoveries.updateMany(filter, { $set: { needed_at: new Date() } });
    const fields = { params: 1, requested_by: 1 };
    const found = await this.recoveries.find(filter, fields).lean<Pick<StoredManualRecovery, '_id' | keyof typeof fields>[]>();
    return new Map(
      found.map(({ _id, params, requested_by: requestedBy }) => [
        _id,
        { params: params === null ? null : (JSON.parse(params) as RequeueTasks['params']), requestedBy: requestedBy ?? null },
      ]),
    );
  }
}
