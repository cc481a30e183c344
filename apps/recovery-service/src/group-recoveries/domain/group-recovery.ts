import type {
  Actor,
  GroupRecovery,
  GroupRecoveryState,
  RecoveryCondition,
  RecoveryFilter,
  RecoveryWait,
} from '@kintsugi/contracts';
import { labelOf } from '../../records/domain/asked-fields.js';
import type { ErrorRecordPlace } from '../../records/error-record-search.js';
import type { RecoveryItemCounts } from '../../records/recovery-items.js';
import type { RecoverablePart } from '../../recoveries/recoverable-records.js';
import type { Approval } from './recovery-wait.js';
import { groupRecoveryTransitions, isUnderWay, type GroupRecoveryMove } from './group-recovery-lifecycle.js';

/** What a recovery waits for before its first record is run. */
export interface StoredWait {
  conditions: RecoveryCondition[];
  approvals: Approval[];
  /** How each of the conditions stood when it was looked at last; none before the first time. */
  seen: Omit<RecoveryWait, 'condition'>[];
  /** When it is given up, in epoch milliseconds. */
  until: number;
}

/** The recovery of a group, as it is stored. Its params and who asked for it stand in the manual recovery of the same id. */
export interface StoredGroupRecovery {
  _id: string;
  /** Whose records it may touch; null: those of all tenants. */
  tenant: string | null;
  group_id: string | null;
  filter: RecoveryFilter;
  force: boolean;
  ignore_conditions: boolean;
  canary: { size: number; min_success: number };
  rate_per_second: number;
  requested_by: Actor;
  requested_at: string;
  /** Records that had not recovered when it began. */
  records: number;
  state: GroupRecoveryState;
  reason: string | null;
  state_at: string;
  /** Left out where it has to wait for nothing. */
  wait?: StoredWait;
  /** The record that was met last; null before the first. */
  place: ErrorRecordPlace | null;
  /** There are no records after the place. */
  exhausted: boolean;
  /** From when more may be ordered, in epoch milliseconds. */
  next_at: number;
  /** Present while something has yet to be done about it: it is under way, or what it ordered has not ended. */
  active?: true;
  /** What it is about, while it is under way: of one thing there is one recovery at a time. */
  open_for?: string;
  /** Left out where none was given. */
  idempotency_key?: string;
  request_hash: string;
  /** What has become of its records, once nothing more can. */
  counts?: RecoveryItemCounts;
  /** Present once it is not active any more: it is kept from then on for as long as the setting says. */
  ended_at?: Date;
  version: number;
}

/** Without it records would be taken over, and their tasks never ordered. */
export const orderGone = 'what was asked for, with its params, is no longer kept; ask for it anew';

/** The records that it is about. */
export function partOf({
  tenant,
  group_id,
  filter,
}: Pick<StoredGroupRecovery, 'tenant' | 'group_id' | 'filter'>): RecoverablePart {
  const { label, ...rest } = filter;
  return {
    ...rest,
    tenant: tenant ?? undefined,
    group_id: group_id ?? undefined,
    label: label === undefined ? undefined : labelOf(label),
  };
}

/** The recovery after a move. */
export function movedRecovery(
  recovery: StoredGroupRecovery,
  move: GroupRecoveryMove,
  reason: string,
  now: number,
): StoredGroupRecovery {
  const { to: state } = groupRecoveryTransitions[move];
  const { open_for: _, ...rest } = recovery;
  const next = { ...rest, state, reason, state_at: new Date(now).toISOString(), version: recovery.version + 1 };
  return isUnderWay(state) ? { ...next, ...(recovery.open_for === undefined ? {} : { open_for: recovery.open_for }) } : next;
}

/** The recovery once nothing more can become of its records. */
export function settledRecovery(recovery: StoredGroupRecovery, counts: RecoveryItemCounts, now: number): StoredGroupRecovery {
  const { active: _, ...rest } = recovery;
  return { ...rest, counts, ended_at: new Date(now), version: recovery.version + 1 };
}

/** The recovery as the outside sees it. */
export function toGroupRecovery(recovery: StoredGroupRecovery, counts: RecoveryItemCounts): GroupRecovery {
  const { _id, group_id, filter, force, ignore_conditions, canary, rate_per_second, state, reason, state_at, records } = recovery;
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...{ id: _id, group_id, filter: Object.fromEntries(given), recovery_options: { force, ignore_conditions } },
    ...{ canary, rate_per_second, state, reason, state_at, records, counts },
    ...waitOf(recovery),
    requested_by: recovery.requested_by.name,
    requested_at: recovery.requested_at,
  };
}

function waitOf({ wait, state }: StoredGroupRecovery): Pick<GroupRecovery, 'waits_for' | 'waits_until'> {
  if (!wait) return { waits_for: [], waits_until: null };
  return {
    waits_for: wait.conditions.map((condition, at) => ({
      condition,
      ...(wait.seen[at] ?? { holds: false, about: 'it has not been looked at' }),
    })),
    waits_until: state === 'waiting' ? new Date(wait.until).toISOString() : null,
  };
}
