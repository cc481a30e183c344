import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { ReviveTasks } from '@kintsugi/contracts';
import { manualRecoveryCollection, manualRecoveryModel, type StoredManualRecovery } from './manual-recovery.schema.js';

export interface ManualRecoveryRequest extends Pick<
  StoredManualRecovery,
  'error_record_id' | 'group_id' | 'job_id' | 'force' | 'ignore_conditions'
> {
  id: string;
  params: ReviveTasks['params'];
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

  /** The params of manual recoveries by id, null for one without; one that is not known is left out. */
  async paramsOf(ids: readonly string[]): Promise<Map<string, ReviveTasks['params'] | null>> {
    const filter = { _id: { $in: [...ids] } };
    await this.recoveries.updateMany(filter, { $set: { needed_at: new Date() } });
    const found = await this.recoveries.find(filter, { params: 1 }).lean<Pick<StoredManualRecovery, '_id' | 'params'>[]>();
    return new Map(found.map(({ _id, params }) => [_id, params === null ? null : (JSON.parse(params) as ReviveTasks['params'])]));
  }
}
