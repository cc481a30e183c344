import type { RecoveryItemState } from '@kintsugi/contracts';
import {
  noItems,
  type ItemMove,
  type ItemPlace,
  type RecoveryItemCounts,
  type RecoveryItems,
  type StoredRecoveryItem,
} from './recovery-items.js';

/** The items of recoveries without a database, for specs: they keep to the same promises as those in MongoDB. */
export class RecoveryItemsInMemory implements RecoveryItems {
  private readonly stored = new Map<string, StoredRecoveryItem>();

  async add(items: readonly StoredRecoveryItem[]): Promise<void> {
    for (const item of items) if (!this.stored.has(item._id)) this.stored.set(item._id, structuredClone(item));
  }

  async move(moves: readonly ItemMove[], at: string): Promise<void> {
    for (const { id, from, to, reason } of moves) {
      const item = this.stored.get(id);
      if (item?.state === from) this.stored.set(id, { ...item, state: to, reason, at });
    }
  }

  async inState(
    recoveryId: string,
    state: RecoveryItemState,
    place: ItemPlace | null,
    limit: number,
  ): Promise<StoredRecoveryItem[]> {
    const isAfter = ({ at, _id }: StoredRecoveryItem): boolean => !place || at > place.at || (at === place.at && _id > place.id);
    return this.of(recoveryId)
      .filter((item) => item.state === state && isAfter(item))
      .sort(byTime)
      .slice(0, limit);
  }

  async lastJudged(recoveryId: string, limit: number): Promise<('recovered' | 'failed')[]> {
    const judged = this.of(recoveryId).sort(byTime).toReversed();
    return judged.flatMap(({ state }) => (state === 'recovered' || state === 'failed' ? [state] : [])).slice(0, limit);
  }

  async counts(recoveryIds: readonly string[]): Promise<Map<string, RecoveryItemCounts>> {
    const found = new Map<string, RecoveryItemCounts>();
    for (const { recovery_id, state } of recoveryIds.flatMap((id) => this.of(id))) {
      const counts = found.get(recovery_id) ?? noItems();
      found.set(recovery_id, { ...counts, [state]: counts[state] + 1 });
    }
    return found;
  }

  async countOpen(recoveryId: string): Promise<number> {
    return this.of(recoveryId).filter(({ state }) => state === 'chosen' || state === 'ordered').length;
  }

  async page(
    recoveryId: string,
    state: RecoveryItemState | undefined,
    afterRecord: string | null,
    limit: number,
  ): Promise<StoredRecoveryItem[]> {
    return this.of(recoveryId)
      .filter((item) => (state === undefined || item.state === state) && item.error_record_id > (afterRecord ?? ''))
      .sort((one, other) => (one.error_record_id < other.error_record_id ? -1 : 1))
      .slice(0, limit);
  }

  async removeOf(errorRecordIds: readonly string[]): Promise<void> {
    for (const { _id, error_record_id } of [...this.stored.values()]) {
      if (errorRecordIds.includes(error_record_id)) this.stored.delete(_id);
    }
  }

  async recoveryIds(): Promise<string[]> {
    return [...new Set([...this.stored.values()].map(({ recovery_id }) => recovery_id))];
  }

  async removeRecovery(recoveryId: string): Promise<void> {
    for (const { _id } of this.of(recoveryId)) this.stored.delete(_id);
  }

  private of(recoveryId: string): StoredRecoveryItem[] {
    return structuredClone([...this.stored.values()].filter(({ recovery_id }) => recovery_id === recoveryId));
  }
}

function byTime(one: StoredRecoveryItem, other: StoredRecoveryItem): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one._id < other._id ? -1 : 1;
}
