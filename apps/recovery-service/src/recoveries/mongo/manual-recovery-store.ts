import type { Collection } from 'mongodb';
import type { ReviveTasks } from '@kintsugi/contracts';
import type { Store } from '@kintsugi/persistence';

interface StoredManualRecovery {
  _id: string;
  requested_at: string;
  error_record_id: string | null;
  group_id: string | null;
  job_id: string | null;
  force: boolean;
  ignore_conditions: boolean;
  /** JSON text: params may have any keys. */
  params: string | null;
}

export interface ManualRecoveryRequest extends Omit<StoredManualRecovery, '_id' | 'params'> {
  id: string;
  params: ReviveTasks['params'];
}

/** What people asked to be run again. Kept for good: it is small, and it says who the records' second life is due to. */
export class ManualRecoveryStore {
  private readonly recoveries: Collection<StoredManualRecovery>;

  constructor(store: Store) {
    this.recoveries = store.collection<StoredManualRecovery>('manual_recoveries');
  }

  async add({ id, params, ...request }: ManualRecoveryRequest): Promise<void> {
    await this.recoveries.insertOne({ _id: id, ...request, params: params === undefined ? null : JSON.stringify(params) });
  }

  /** The params of manual recoveries by id; one without params has none. */
  async paramsOf(ids: readonly string[]): Promise<Map<string, NonNullable<ReviveTasks['params']>>> {
    const found = await this.recoveries.find({ _id: { $in: [...ids] }, params: { $ne: null } }).toArray();
    return new Map(found.map(({ _id, params }) => [_id, JSON.parse(params ?? '{}') as NonNullable<ReviveTasks['params']>]));
  }
}
