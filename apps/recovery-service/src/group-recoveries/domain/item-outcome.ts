import type { RecoveryItemState } from '@kintsugi/contracts';
import { waitingPhases, type RecordPhase } from '../../records/domain/record-lifecycle.js';
import type { RecordStanding } from '../../recoveries/domain/recovery-refusal.js';

export interface ItemOutcome {
  to: Extract<RecoveryItemState, 'recovered' | 'failed' | 'refused'>;
  reason: string | null;
}

/**
 * What has become of a record that was ordered; null while its task may still succeed by itself. Only a success of the task
 * after the order makes it recovered. What nobody can judge the recovery by, such as a job that was cancelled, is neither.
 * @param attempt the run that had failed when the record was chosen
 */
export function outcomeOf(record: RecordStanding | undefined, attempt: number): ItemOutcome | null {
  if (!record) return { to: 'refused', reason: 'its record is gone' };
  if (record.phase === 'recovered') return { to: 'recovered', reason: null };
  if (record.phase === 'cancelled') return { to: 'refused', reason: 'its job was cancelled, or no longer exists' };
  const isLeft = (waitingPhases as readonly RecordPhase[]).includes(record.phase);
  return isLeft && record.attempt > attempt ? { to: 'failed', reason: record.error_type } : null;
}

/** Whether a record was run again since it was chosen: for this recovery, or else by somebody. */
export function wasRun(record: RecordStanding | undefined, recoveryId: string, attempt: number): boolean {
  if (!record) return false;
  return record.manual_recovery_id === recoveryId || record.attempt > attempt || record.phase === 'recovered';
}
