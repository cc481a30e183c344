import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import type { RecoveryItemState } from '@kintsugi/contracts';
import { Store, duplicatesIn, type IndexDefinition } from '@kintsugi/persistence';
import {
  noItems,
  recoveryItemIdOf,
  type ItemMove,
  type ItemPlace,
  type RecoveryItemCounts,
  type RecoveryItems,
  type StoredRecoveryItem,
} from '../recovery-items.js';

const collection = 'recovery_items';

export const recoveryItemIndexes: IndexDefinition[] = [
  { collection, keys: { recovery_id: 1, state: 1, at: 1, _id: 1 } },
  { collection, keys: { error_record_id: 1 } },
];

/** The items of recoveries in MongoDB. */
@Injectable()
export class RecoveryItemStore implements RecoveryItems {
  private readonly items: Collection<StoredRecoveryItem>;

  constructor(store: Store) {
    this.items = store.collection<StoredRecoveryItem>(collection);
  }

  async add(items: readonly StoredRecoveryItem[]): Promise<void> {
    if (items.length === 0) return;
    try {
      await this.items.insertMany([...items], { ordered: false });
    } catch (error) {
      duplicatesIn(error);
    }
  }

  async move(moves: readonly ItemMove[], at: string): Promise<void> {
    const alike = Map.groupBy(moves, ({ from, to, reason }) => JSON.stringify([from, to, reason]));
    const operations = [...alike.values()].map((some) => {
      const { from, to: state, reason } = some[0] as ItemMove;
      return {
        updateMany: { filter: { _id: { $in: some.map(({ id }) => id) }, state: from }, update: { $set: { state, reason, at } } },
      };
    });
    if (operations.length > 0) await this.items.bulkWrite(operations, { ordered: false });
  }

  async inState(
    recoveryId: string,
    state: RecoveryItemState,
    place: ItemPlace | null,
    limit: number,
  ): Promise<StoredRecoveryItem[]> {
    const after: Filter<StoredRecoveryItem> = place
      ? { at: { $gte: place.at }, $or: [{ at: { $gt: place.at } }, { _id: { $gt: place.id } }] }
      : {};
    return this.items
      .find({ recovery_id: recoveryId, state, ...after })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  async lastJudged(recoveryId: string, limit: number): Promise<('recovered' | 'failed')[]> {
    if (limit === 0) return [];
    const found = await this.items
      .find({ recovery_id: recoveryId, state: { $in: ['recovered', 'failed'] } })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .project<{ state: 'recovered' | 'failed' }>({ _id: 0, state: 1 })
      .toArray();
    return found.map(({ state }) => state);
  }

  async counts(recoveryIds: readonly string[]): Promise<Map<string, RecoveryItemCounts>> {
    const found = new Map<string, RecoveryItemCounts>();
    if (recoveryIds.length === 0) return found;
    const counted = this.items.aggregate<{ _id: { of: string; state: RecoveryItemState }; count: number }>([
      { $match: { recovery_id: { $in: [...recoveryIds] } } },
      { $group: { _id: { of: '$recovery_id', state: '$state' }, count: { $sum: 1 } } },
    ]);
    for await (const { _id, count } of counted) found.set(_id.of, { ...(found.get(_id.of) ?? noItems()), [_id.state]: count });
    return found;
  }

  async countOpen(recoveryId: string): Promise<number> {
    return this.items.countDocuments({ recovery_id: recoveryId, state: { $in: ['chosen', 'ordered'] } });
  }

  async page(
    recoveryId: string,
    state: RecoveryItemState | undefined,
    afterRecord: string | null,
    limit: number,
  ): Promise<StoredRecoveryItem[]> {
    // Items of a recovery lie side by side in the order of their ids.
    const from = recoveryItemIdOf(recoveryId, afterRecord ?? '');
    return this.items
      .find({ _id: { $gt: from, $lt: recoveryItemIdOf(recoveryId, '~') }, ...(state === undefined ? {} : { state }) })
      .hint({ _id: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }

  async removeOf(errorRecordIds: readonly string[]): Promise<void> {
    if (errorRecordIds.length > 0) await this.items.deleteMany({ error_record_id: { $in: [...errorRecordIds] } });
  }

  async recoveryIds(): Promise<string[]> {
    return this.items.distinct('recovery_id');
  }

  async removeRecovery(recoveryId: string): Promise<void> {
    await this.items.deleteMany({ recovery_id: recoveryId });
  }
}
