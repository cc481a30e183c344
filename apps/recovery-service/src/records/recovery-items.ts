import { recoveryItemStates, type RecoveryItemState } from '@kintsugi/contracts';

/** What the recovery of a group does about one record. */
export interface StoredRecoveryItem {
  /** Of recovery and record: a record is in a recovery once. */
  _id: string;
  recovery_id: string;
  error_record_id: string;
  stage: 'canary' | 'ramping';
  state: RecoveryItemState;
  /** The run that had failed when the record was chosen. */
  attempt: number;
  reason: string | null;
  /** Since when it is in its state. */
  at: string;
}

export type RecoveryItemCounts = Record<RecoveryItemState, number>;

export function noItems(): RecoveryItemCounts {
  return Object.fromEntries(recoveryItemStates.map((state) => [state, 0])) as RecoveryItemCounts;
}

export interface ItemMove {
  id: string;
  from: RecoveryItemState;
  to: RecoveryItemState;
  reason: string | null;
}

/** The place of an item among those of a recovery in a state, the one that is so longest first. */
export interface ItemPlace {
  at: string;
  id: string;
}

export function recoveryItemIdOf(recoveryId: string, errorRecordId: string): string {
  return `${recoveryId}/${errorRecordId}`;
}

/** The records that recoveries of groups have met. They are written in groups, and none is met twice by one recovery. */
export abstract class RecoveryItems {
  /** Adds items; one that is there already stays as it is. */
  abstract add(items: readonly StoredRecoveryItem[]): Promise<void>;
  /** Moves items that are still where a move begins. */
  abstract move(moves: readonly ItemMove[], at: string): Promise<void>;
  /** Items of a recovery in a state, the one that is so longest first. */
  abstract inState(
    recoveryId: string,
    state: RecoveryItemState,
    place: ItemPlace | null,
    limit: number,
  ): Promise<StoredRecoveryItem[]>;
  /** How the last items ended that have recovered or failed, the newest first. */
  abstract lastJudged(recoveryId: string, limit: number): Promise<('recovered' | 'failed')[]>;
  /** How many items of each recovery are in which state; a recovery that has none may be left out. */
  abstract counts(recoveryIds: readonly string[]): Promise<Map<string, RecoveryItemCounts>>;
  /** How many are chosen or ordered. */
  abstract countOpen(recoveryId: string): Promise<number>;
  /** Items of a recovery in the order of their records, after one of them. */
  abstract page(
    recoveryId: string,
    state: RecoveryItemState | undefined,
    afterRecord: string | null,
    limit: number,
  ): Promise<StoredRecoveryItem[]>;
  /** Removes what is about records that are forgotten. */
  abstract removeOf(errorRecordIds: readonly string[]): Promise<void>;
  /** The recoveries that have items. */
  abstract recoveryIds(): Promise<string[]>;
  abstract removeRecovery(recoveryId: string): Promise<void>;
}
