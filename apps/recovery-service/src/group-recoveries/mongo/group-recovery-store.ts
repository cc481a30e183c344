import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import type { GroupRecoveryState } from '@kintsugi/contracts';
import { Store, isDuplicateKey, type IndexDefinition } from '@kintsugi/persistence';
import { writeVersions } from '../../platform/mongo/write-versions.js';
import type { StoredGroupRecovery } from '../domain/group-recovery.js';
import { statesBehindWaiting } from '../domain/group-recovery-lifecycle.js';
import type { GroupRecoveries, GroupRecoveryFilter } from '../group-recoveries.js';

const collection = 'group_recoveries';

/** Only those that have the field are in the index, and there each value once. */
const once = (field: string) => ({ unique: true, partialFilterExpression: { [field]: { $gt: '' } } });

export const groupRecoveryIndexes: IndexDefinition[] = [
  { collection, keys: { idempotency_key: 1 }, options: once('idempotency_key') },
  { collection, keys: { open_for: 1 }, options: once('open_for') },
  { collection, keys: { active: 1, state: 1, _id: 1 }, options: { partialFilterExpression: { active: true } } },
  { collection, keys: { group_id: 1, _id: -1 } },
  { collection, keys: { tenant: 1, _id: -1 } },
  { collection, keys: { state: 1, _id: -1 } },
];

export const groupRecoveryRetention = { collection, field: 'ended_at' } as const;

/** The recoveries of groups in MongoDB. */
@Injectable()
export class GroupRecoveryStore implements GroupRecoveries {
  private readonly recoveries: Collection<StoredGroupRecovery>;

  constructor(store: Store) {
    this.recoveries = store.collection<StoredGroupRecovery>(collection);
  }

  async add(recovery: StoredGroupRecovery): Promise<StoredGroupRecovery | null> {
    const { idempotency_key: key, open_for: about } = recovery;
    // The one in the way can end before it is looked for.
    for (;;) {
      try {
        await this.recoveries.insertOne(recovery);
        return null;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const ofKey = key === undefined ? null : await this.ofKey(key);
      const other = ofKey ?? (about === undefined ? null : await this.recoveries.findOne({ open_for: about }));
      if (other) return other;
    }
  }

  async find(id: string): Promise<StoredGroupRecovery | null> {
    return this.recoveries.findOne({ _id: id });
  }

  async ofKey(key: string): Promise<StoredGroupRecovery | null> {
    return this.recoveries.findOne({ idempotency_key: key });
  }

  async waiting(limit: number): Promise<StoredGroupRecovery[]> {
    return this.activeIn(['waiting'], limit);
  }

  async running(limit: number): Promise<StoredGroupRecovery[]> {
    return this.activeIn(statesBehindWaiting, limit);
  }

  async countActive(of?: { tenant: string | null }): Promise<number> {
    return this.recoveries.countDocuments({ active: true, ...of });
  }

  async latest(filter: GroupRecoveryFilter, before: string | null, limit: number): Promise<StoredGroupRecovery[]> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    return this.recoveries
      .find({ ...Object.fromEntries(given), ...(before === null ? {} : { _id: { $lt: before } }) })
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
  }

  async write(previous: StoredGroupRecovery, next: StoredGroupRecovery): Promise<boolean> {
    return writeVersions(this.recoveries, [{ previous, next }]);
  }

  async among(ids: readonly string[]): Promise<string[]> {
    const found = await this.recoveries.find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  private activeIn(states: readonly GroupRecoveryState[], limit: number): Promise<StoredGroupRecovery[]> {
    return this.recoveries
      .find({ active: true, state: { $in: [...states] } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }
}
