import type { RequeueTasks } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import { addAttempt, closeAttempts, moveAttempts, recoveryMethods, startedAttempt } from '../records/domain/recovery-attempt.js';
import { phaseAfter } from '../records/domain/record-lifecycle.js';
import { byNewest, isAfter, isAs } from '../records/error-record-search-in-memory.js';
import type { ErrorRecordPlace } from '../records/error-record-search.js';
import { changeWhere, type StoredRecords } from '../records/error-records-in-memory.js';
import type { RecordStanding } from './domain/recovery-refusal.js';
import type { PlacedRecord, RecoverablePart, RecoverableRecords, RecoveryClaim } from './recoverable-records.js';

/** The records that a person may bring back, without a database, for specs: they keep to the same promises as those in MongoDB. */
export class RecoverableRecordsInMemory implements RecoverableRecords {
  constructor(private readonly stored: StoredRecords) {}

  async exist(part: RecoverablePart): Promise<boolean> {
    return this.in(part).length > 0;
  }

  async countUnrecovered(part: RecoverablePart, limit: number): Promise<number> {
    return Math.min(this.in(part).filter(({ phase }) => phase !== 'recovered').length, limit);
  }

  newestUnrecovered(part: RecoverablePart, limit: number): Promise<PlacedRecord[]> {
    return this.unrecovered(part, null, limit);
  }

  async unrecovered(part: RecoverablePart, place: ErrorRecordPlace | null, limit: number): Promise<PlacedRecord[]> {
    const found = this.in(part).filter((record) => record.phase !== 'recovered' && isAfter(record, place));
    return structuredClone(found.sort(byNewest).slice(0, limit));
  }

  async claim({ records, phases, manualRecoveryId, now, resendAt }: RecoveryClaim): Promise<RequeueTasks['tasks']> {
    const ids = records.map(({ _id }) => _id);
    const found = new Map(records.map(({ _id, attempt }) => [_id, attempt]));
    changeWhere(
      this.stored,
      ids,
      ({ _id, phase, attempt, manual_recovery_id }) =>
        phases.includes(phase) && attempt === found.get(_id) && manual_recovery_id !== manualRecoveryId,
      ({ failures, retry_count, recovery_attempts }) => ({
        ...{ ...phaseAfter('requeue'), next_retry_at: null, resend_at: resendAt, resends: 0 },
        ...{ manual_recovery_id: manualRecoveryId, forgiven_failures: failures, retry_count: retry_count + 1 },
        ...{ uncounted_failures: undefined, fails_job: undefined },
        recovery_attempts: addAttempt(
          closeAttempts(recovery_attempts, 'refused: a manual recovery took its place'),
          startedAttempt(manualRecoveryId, now),
        ),
      }),
    );
    const claimed = ids.map((id) => this.stored.get(id)).filter((record) => record?.manual_recovery_id === manualRecoveryId);
    return claimed.flatMap((record) => (record ? [{ task_id: record.task_id, attempt: record.attempt }] : []));
  }

  async standing(ids: readonly string[]): Promise<Map<string, RecordStanding>> {
    const found = ids.map((id) => this.stored.get(id)).filter((record) => record !== undefined);
    return new Map(structuredClone(found).map((record) => [record._id, record]));
  }

  async noteAttempt(ids: readonly string[], result: string, now: string): Promise<void> {
    const attempt = { timestamp: now, method: recoveryMethods.person, result };
    changeWhere(
      this.stored,
      ids,
      () => true,
      ({ recovery_attempts }) => ({ recovery_attempts: addAttempt(recovery_attempts, attempt) }),
    );
  }

  async moveNote(id: string, from: string, to: string): Promise<void> {
    changeWhere(
      this.stored,
      [id],
      ({ recovery_attempts }) => recovery_attempts.some(({ result }) => result === from),
      ({ recovery_attempts }) => ({ recovery_attempts: moveAttempts(recovery_attempts, [from], to) }),
    );
  }

  private in(part: RecoverablePart): StoredErrorRecord[] {
    return [...this.stored.values()].filter((record) => isAs(record, part));
  }
}
