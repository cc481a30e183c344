import type { GroupRecoveryState } from '@kintsugi/contracts';
import type { StoredGroupRecovery } from './domain/group-recovery.js';

export interface GroupRecoveryFilter {
  group_id?: string | undefined;
  state?: GroupRecoveryState | undefined;
  tenant?: string | undefined;
}

/** The recoveries of groups. Every write states what it expects. */
export abstract class GroupRecoveries {
  /** Null: it has begun. Else another holds its key, or what it is about, and is given. */
  abstract add(recovery: StoredGroupRecovery): Promise<StoredGroupRecovery | null>;
  abstract find(id: string): Promise<StoredGroupRecovery | null>;
  /** The one that an idempotency key has made. */
  abstract ofKey(key: string): Promise<StoredGroupRecovery | null>;
  /** Those that wait, the oldest first. */
  abstract waiting(limit: number): Promise<StoredGroupRecovery[]>;
  /** Those that wait no more, and about which something has yet to be done, the oldest first. */
  abstract running(limit: number): Promise<StoredGroupRecovery[]>;
  /** How many are active, of all or of those who are bound to a tenant, or to none. */
  abstract countActive(of?: { tenant: string | null }): Promise<number>;
  /** Those before a place, the newest first. */
  abstract latest(filter: GroupRecoveryFilter, before: string | null, limit: number): Promise<StoredGroupRecovery[]>;
  /** False where it had changed since it was read. */
  abstract write(previous: StoredGroupRecovery, next: StoredGroupRecovery): Promise<boolean>;
  /** Those of the given ones that are there. */
  abstract among(ids: readonly string[]): Promise<string[]>;
}
