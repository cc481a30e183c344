import type { Collection } from 'mongodb';
import type { ReviveTasks } from '@kintsugi/contracts';
import type { Store } from '@kintsugi/persistence';

interface StoredManualRecovery {
  _id: string;
  requested_at: string;
  /** When its params were last asked for: it is kept from then on, so that an order that is still owed has them. */
  needed_at: Date;
  error_record_id: string | null;
  group_id: string | null;
  job_id: string | null;
  force: boolean;
  ignore_conditions: boolean;
  /** JSON text: params may have any keys. */
  params: string | null;
}

export interface ManualRecoveryRequest extends Omit<StoredManualRecovery, '_id' | 'params' | 'needed_at'> {
  id: string;
  params: ReviveTasks['params'];
}

const collection = 'manual_recoveries';

export const manualRecoveryRetention = { collection, field: 'needed_at' } as const;

/** What people asked to be run again, and was granted: it says who the records' second life is due to, and holds the params. */
export class ManualRecoveryStore {
  private readonly recoveries: Collection<StoredManualRecovery>;

  constructor(store: Store) {
    this.recoveries = store.collection<StoredManualRecovery>(collection);
  }

  async add({ id, params, ...request }: ManualRecoveryRequest): Promise<void> {
    const text = params === undefined ? null : JSON.stringify(params);
    await this.recoveries.insertOne({ _id: id, ...request, needed_at: new Date(), params: text });
  }

  /** Of one of which nothing came. */
  async remove(id: string): Promise<void> {
    await this.recoveries.deleteOne({ _id: id });
  }

  /** The params of manual recoveries by id, null for one without; one that is not known is left out. */
  async paramsOf(ids: readonly string[]): Promise<Map<string, ReviveTasks['params'] | null>> {
    const filter = { _id: { $in: [...ids] } };
    await this.recoveries.updateMany(filter, { $set: { needed_at: new Date() } });
    const found = await this.recoveries.find(filter, { projection: { params: 1 } }).toArray();
    return new Map(found.map(({ _id, params }) => [_id, params === null ? null : (JSON.parse(params) as ReviveTasks['params'])]));
  }
}
