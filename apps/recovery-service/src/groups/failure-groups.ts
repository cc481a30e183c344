import type { GroupState } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import type { StoredGroup } from './domain/failure-group.js';

export interface GroupChange {
  /** What the change was computed from; null begins a group. */
  previous: StoredGroup | null;
  next: StoredGroup;
}

export interface GroupFilter {
  state?: GroupState | undefined;
  error_type?: string | undefined;
  assignee?: string | undefined;
  tenant?: string | undefined;
}

/** The place of a group among all, the one that failed last first. */
export interface GroupPlace {
  last_seen: string;
  id: string;
}

/** The groups of failures. Every write states what it expects. */
export abstract class FailureGroups {
  abstract find(id: string): Promise<StoredGroup | null>;
  abstract findMany(ids: readonly string[]): Promise<Map<string, StoredGroup>>;
  /** Writes changes in one write. False when some of the groups had changed since they were read; the others are written. */
  abstract write(changes: readonly GroupChange[]): Promise<boolean>;
  /** Groups that are no part of others after a place, the one that failed last first. */
  abstract latest(filter: GroupFilter, place: GroupPlace | null, limit: number): Promise<StoredGroup[]>;
  /** Those that were made part of given ones. */
  abstract partsOf(ids: readonly string[]): Promise<StoredGroup[]>;
  /** Those that have something to tell. */
  abstract withEvents(limit: number): Promise<StoredGroup[]>;
  /** Those that were to be ignored until a time that is over, the one that is over for longest first. */
  abstract ignoredUntil(time: string, limit: number): Promise<StoredGroup[]>;
  /** Forgets an event that was told. */
  abstract told(id: string, eventId: string): Promise<void>;
  /** Removes groups at once. False where one of them has changed since it was read: then all stay. */
  abstract remove(groups: readonly StoredGroup[]): Promise<boolean>;
  /** Those of the groups that have error records. */
  abstract withRecords(ids: readonly string[]): Promise<string[]>;
  /** Those with records on their way of which nobody has seen to it up to this time. */
  abstract withMoves(time: string, limit: number): Promise<StoredGroup[]>;
  /** Those that have records on their way, and are among given ones or have them go to one of them. */
  abstract moving(ids: readonly string[]): Promise<StoredGroup[]>;
  /**
   * Has some error records of a group be those of another. Gives those that this call has moved, as they are now and in the order
   * of the ids: what others move at the same moment is theirs alone.
   */
  abstract moveSome(ids: readonly string[], from: string, into: string): Promise<StoredErrorRecord[]>;
  /** Has the error records of a group be those of another. */
  abstract moveRecords(from: string, into: string): Promise<void>;
}
