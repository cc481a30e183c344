import type { StoredErrorRecord } from '../records/domain/error-record.js';
import { endAttempts } from '../records/domain/recovery-attempt.js';
import { mayMove, phaseAfter } from '../records/domain/record-lifecycle.js';
import { changeWhere, type StoredRecords } from '../records/error-records-in-memory.js';
import { nextResendAt } from './domain/resend-schedule.js';
import type { Conclusion, FoundOwingRecord, OwingRecords } from './owing-records.js';

/** The records whose command may not have arrived, without a database, for specs: they keep to the same promises as those in MongoDB. */
export class OwingRecordsInMemory implements OwingRecords {
  constructor(private readonly stored: StoredRecords) {}

  async nextDueAt(): Promise<string | null> {
    return this.owing(() => true)[0]?.resend_at ?? null;
  }

  async due(now: string, limit: number): Promise<FoundOwingRecord[]> {
    return this.owing(({ resend_at }) => resend_at <= now).slice(0, limit);
  }

  async *neverResent(after: string, until: string, groupSize: number): AsyncGenerator<FoundOwingRecord[]> {
    const found = this.owing(({ resend_at, resends }) => resends === 0 && resend_at > after && resend_at < until);
    for (let from = 0; from < found.length; from += groupSize) yield found.slice(from, from + groupSize);
  }

  async markResent(records: readonly FoundOwingRecord[], now: number, firstIntervalMs: number): Promise<void> {
    this.change(records, now, ({ resends }) => ({
      resends: resends + 1,
      resend_at: nextResendAt(resends + 1, now, firstIntervalMs),
    }));
  }

  async settle(records: readonly FoundOwingRecord[], now: number): Promise<void> {
    this.change(records, now, () => ({ resend_at: null }));
  }

  async conclude(conclusions: readonly Conclusion[], now: number): Promise<void> {
    for (const { record: found, move, attempt, why } of conclusions) {
      if (!mayMove(found.phase, move)) continue;
      this.change([found], now, ({ decision, recovery_attempts }) => ({
        ...{ ...phaseAfter(move), ...(move === 'cancel' ? { closed_at: new Date() } : {}), next_retry_at: null, resend_at: null },
        ...{ attempt, decision: [...decision, why] },
        recovery_attempts: endAttempts(recovery_attempts, `failed: ${why}`, new Date(now).toISOString()),
      }));
    }
  }

  /** Changes those records that are still as they were read. */
  private change(
    records: readonly FoundOwingRecord[],
    now: number,
    change: (record: StoredErrorRecord) => Partial<StoredErrorRecord>,
  ): void {
    const at = new Date(now).toISOString();
    for (const { _id, phase, attempt, resends } of records) {
      changeWhere(
        this.stored,
        [_id],
        (record) =>
          record.phase === phase &&
          record.attempt === attempt &&
          record.resends === resends &&
          record.resend_at !== null &&
          record.resend_at <= at,
        change,
      );
    }
  }

  /** Those that owe and are as asked for, the longest overdue first. */
  private owing(isWanted: (record: StoredErrorRecord & { resend_at: string }) => boolean): FoundOwingRecord[] {
    const found = [...this.stored.values()].flatMap((record) => {
      const { resend_at } = record;
      return resend_at !== null && isWanted({ ...record, resend_at }) ? [{ ...record, resend_at }] : [];
    });
    return structuredClone(found.sort((one, other) => (one.resend_at < other.resend_at ? -1 : 1)));
  }
}
