import type { StoredErrorRecord } from '../records/domain/error-record.js';
import type { StoredGroup } from './domain/failure-group.js';
import type { FailureGroups, GroupChange, GroupFilter, GroupPlace } from './failure-groups.js';
import { changeWhere, type StoredRecords } from '../records/error-records-in-memory.js';

/** The groups of failures without a database, for specs: they keep to the same promises as those in MongoDB. */
export class FailureGroupsInMemory implements FailureGroups {
  private readonly stored = new Map<string, StoredGroup>();

  constructor(private readonly records: StoredRecords = new Map()) {}

  async find(id: string): Promise<StoredGroup | null> {
    return structuredClone(this.stored.get(id) ?? null);
  }

  async findMany(ids: readonly string[]): Promise<Map<string, StoredGroup>> {
    return new Map(this.where(({ _id }) => ids.includes(_id)).map((group) => [group._id, group]));
  }

  async write(changes: readonly GroupChange[]): Promise<boolean> {
    const expected = changes.filter(({ previous, next }) => this.stored.get(next._id)?.version === previous?.version);
    for (const { next } of expected) this.stored.set(next._id, structuredClone(next));
    return expected.length === changes.length;
  }

  async latest(filter: GroupFilter, place: GroupPlace | null, limit: number): Promise<StoredGroup[]> {
    const fits = (group: StoredGroup): boolean =>
      group.merged_into === null &&
      Object.entries(filter).every(([field, value]) => value === undefined || group[field as keyof GroupFilter] === value);
    const found = this.where(
      (group) => fits(group) && (!place || byLatest(group, { _id: place.id, last_seen: place.last_seen }) > 0),
    );
    return found.sort(byLatest).slice(0, limit);
  }

  async partsOf(ids: readonly string[]): Promise<StoredGroup[]> {
    return this.where(({ merged_into }) => merged_into !== null && ids.includes(merged_into));
  }

  async withEvents(limit: number): Promise<StoredGroup[]> {
    return this.where(({ events }) => events.length > 0).slice(0, limit);
  }

  async ignoredUntil(time: string, limit: number): Promise<StoredGroup[]> {
    const until = ({ ignored_until }: StoredGroup): string => ignored_until ?? '';
    return this.where((group) => group.merged_into === null && until(group) !== '' && until(group) < time)
      .sort((one, other) => (until(one) < until(other) ? -1 : 1))
      .slice(0, limit);
  }

  async remove(groups: readonly StoredGroup[]): Promise<boolean> {
    if (groups.some(({ _id, version }) => this.stored.get(_id)?.version !== version)) return false;
    for (const { _id } of groups) this.stored.delete(_id);
    return true;
  }

  async withRecords(ids: readonly string[]): Promise<string[]> {
    const met = new Set([...this.records.values()].map(({ group_id }) => group_id));
    return ids.filter((id) => met.has(id));
  }

  async told(id: string, eventId: string): Promise<void> {
    const group = this.stored.get(id);
    if (!group) return;
    const events = group.events.filter(({ event_id }) => event_id !== eventId);
    this.stored.set(id, { ...group, events, version: group.version + 1 });
  }

  async withMoves(time: string, limit: number): Promise<StoredGroup[]> {
    return this.where(({ moves = [] }) => moves.some(({ until }) => until < time)).slice(0, limit);
  }

  async moving(ids: readonly string[]): Promise<StoredGroup[]> {
    const isGiven = (id: string): boolean => ids.includes(id);
    return this.where(({ _id, moves = [] }) => moves.length > 0 && (isGiven(_id) || moves.some(({ into }) => isGiven(into))));
  }

  async moveSome(ids: readonly string[], from: string, into: string): Promise<StoredErrorRecord[]> {
    const theirs = ids.filter((id) => this.records.get(id)?.group_id === from);
    changeWhere(
      this.records,
      theirs,
      () => true,
      () => ({ group_id: into }),
    );
    return structuredClone(theirs.flatMap((id) => this.records.get(id) ?? []));
  }

  async moveRecords(from: string, into: string): Promise<void> {
    for (const record of this.records.values()) {
      if (record.group_id === from) Object.assign(record, { group_id: into, version: record.version + 1 });
    }
  }

  private where(fits: (group: StoredGroup) => boolean): StoredGroup[] {
    return structuredClone([...this.stored.values()].filter(fits));
  }
}

type Placed = Pick<StoredGroup, '_id' | 'last_seen'>;

function byLatest(one: Placed, other: Placed): number {
  if (one.last_seen !== other.last_seen) return one.last_seen < other.last_seen ? 1 : -1;
  return one._id < other._id ? 1 : -1;
}
