import { moveAttempts } from '../records/domain/recovery-attempt.js';
import { mayMove, phaseAfter } from '../records/domain/record-lifecycle.js';
import { changeWhere, type StoredRecords } from '../records/error-records-in-memory.js';
import type { DueRetry, RetryTimers } from './retry-timers.js';

/** The timers of retries without a database, for specs: they keep to the same promises as those in MongoDB. */
export class RetryTimersInMemory implements RetryTimers {
  constructor(private readonly stored: StoredRecords) {}

  async due(now: string, limit: number): Promise<DueRetry[]> {
    return this.timers()
      .filter(({ next_retry_at }) => next_retry_at <= now)
      .slice(0, limit);
  }

  async nextDueAt(): Promise<string | null> {
    return this.timers()[0]?.next_retry_at ?? null;
  }

  async markStarted(retries: readonly DueRetry[], now: string, resendAt: string): Promise<void> {
    for (const { _id, attempt } of retries) {
      changeWhere(
        this.stored,
        [_id],
        (record) =>
          record.attempt === attempt &&
          mayMove(record.phase, 'start') &&
          record.next_retry_at !== null &&
          record.next_retry_at <= now,
        ({ retry_count, recovery_attempts }) => ({
          ...{ ...phaseAfter('start'), next_retry_at: null, resend_at: resendAt, resends: 0, retry_count: retry_count + 1 },
          recovery_attempts: moveAttempts(recovery_attempts, ['scheduled'], 'started'),
        }),
      );
    }
  }

  /** All of them, the longest overdue first. */
  private timers(): DueRetry[] {
    return [...this.stored.values()]
      .flatMap(({ _id, task_id, timestamp, attempt, next_retry_at }) =>
        next_retry_at === null ? [] : [{ _id, task_id, timestamp, attempt, next_retry_at }],
      )
      .sort((one, other) => (one.next_retry_at < other.next_retry_at ? -1 : 1));
  }
}
