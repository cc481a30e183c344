import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import { writeVersions } from '../../platform/mongo/write-versions.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { changeInPages, failureHoursOf, type FailureHour } from '../../records/mongo/changed-hours.js';
import { errorRecordsOf } from '../../records/mongo/error-record-collection.js';
import type { StoredGroup } from '../domain/failure-group.js';
import type { FailureGroups, GroupChange, GroupFilter, GroupPlace } from '../failure-groups.js';

const collection = 'failure_groups';
const lastFirst = { last_seen: -1, _id: -1 } as const;

export const failureGroupIndexes: IndexDefinition[] = [
  { collection, keys: { merged_into: 1, ...lastFirst } },
  { collection, keys: { merged_into: 1, state: 1, ...lastFirst } },
  { collection, keys: { merged_into: 1, tenant: 1, ...lastFirst } },
  { collection, keys: { ignored_until: 1 }, options: { partialFilterExpression: { ignored_until: { $gt: '' } } } },
  { collection, keys: { 'moves.until': 1 }, options: { partialFilterExpression: { 'moves.until': { $gt: '' } } } },
  { collection, keys: { 'events.event_id': 1 }, options: { partialFilterExpression: { 'events.event_id': { $gt: '' } } } },
];

/** The groups of failures in MongoDB. */
@Injectable()
export class FailureGroupStore implements FailureGroups {
  private readonly groups: Collection<StoredGroup>;
  private readonly records: Collection<StoredErrorRecord>;
  private readonly hours: Collection<FailureHour>;

  constructor(private readonly store: Store) {
    this.groups = store.collection<StoredGroup>(collection);
    this.records = errorRecordsOf(store);
    this.hours = failureHoursOf(store);
  }

  async find(id: string): Promise<StoredGroup | null> {
    return this.groups.findOne({ _id: id });
  }

  async findMany(ids: readonly string[]): Promise<Map<string, StoredGroup>> {
    const found = await this.groups.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(found.map((group) => [group._id, group]));
  }

  async write(changes: readonly GroupChange[]): Promise<boolean> {
    return writeVersions(this.groups, changes);
  }

  async latest(filter: GroupFilter, place: GroupPlace | null, limit: number): Promise<StoredGroup[]> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    return this.groups
      .find({ merged_into: null, ...Object.fromEntries(given), ...after(place) })
      .sort(lastFirst)
      .limit(limit)
      .toArray();
  }

  async partsOf(ids: readonly string[]): Promise<StoredGroup[]> {
    return this.groups.find({ merged_into: { $in: [...ids] } }).toArray();
  }

  async withEvents(limit: number): Promise<StoredGroup[]> {
    return this.groups
      .find({ 'events.event_id': { $gt: '' } })
      .limit(limit)
      .toArray();
  }

  async ignoredUntil(time: string, limit: number): Promise<StoredGroup[]> {
    return this.groups
      .find({ merged_into: null, ignored_until: { $gt: '', $lt: time } })
      .sort({ ignored_until: 1 })
      .limit(limit)
      .toArray();
  }

  async remove(groups: readonly StoredGroup[]): Promise<boolean> {
    if (groups.length === 0) return true;
    const deletions = groups.map(({ _id, version }) => ({ deleteOne: { filter: { _id, version } } }));
    return this.store.client.withSession((session) =>
      session.withTransaction(async () => {
        const { deletedCount } = await this.groups.bulkWrite(deletions, { session });
        if (deletedCount === groups.length) return true;
        await session.abortTransaction();
        return false;
      }, durable),
    );
  }

  async withRecords(ids: readonly string[]): Promise<string[]> {
    return this.records.distinct('group_id', { group_id: { $in: [...ids] } });
  }

  async told(id: string, eventId: string): Promise<void> {
    await this.groups.updateOne({ _id: id }, { $pull: { events: { event_id: eventId } }, $inc: { version: 1 } });
  }

  async withMoves(time: string, limit: number): Promise<StoredGroup[]> {
    return this.groups
      .find({ 'moves.until': { $gt: '', $lt: time } })
      .limit(limit)
      .toArray();
  }

  async moving(ids: readonly string[]): Promise<StoredGroup[]> {
    const given = { $in: [...ids] };
    return this.groups.find({ 'moves.until': { $gt: '' }, $or: [{ _id: given }, { 'moves.into': given }] }).toArray();
  }

  async moveSome(ids: readonly string[], from: string, into: string): Promise<StoredErrorRecord[]> {
    const _id = { $in: [...ids] };
    const moved_by = uuidv7();
    const modified = await this.moveAll({ _id, group_id: from }, { group_id: into, moved_by });
    if (modified === 0) return [];
    const moved = new Map((await this.records.find({ _id, moved_by }).toArray()).map((record) => [record._id, record]));
    return ids.flatMap((id) => moved.get(id) ?? []);
  }

  async moveRecords(from: string, into: string): Promise<void> {
    await this.moveAll({ group_id: from }, { group_id: into });
  }

  private async moveAll(
    filter: Filter<StoredErrorRecord>,
    to: Partial<Pick<StoredErrorRecord, 'group_id' | 'moved_by'>>,
  ): Promise<number> {
    return changeInPages({ records: this.records, hours: this.hours }, filter, { $set: to, $inc: { version: 1 } });
  }
}

function after(place: GroupPlace | null): Filter<StoredGroup> {
  if (!place) return {};
  const { last_seen, id } = place;
  return { last_seen: { $lte: last_seen }, $or: [{ last_seen: { $lt: last_seen } }, { _id: { $lt: id } }] };
}
