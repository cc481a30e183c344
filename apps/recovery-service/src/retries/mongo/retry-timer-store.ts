import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { phaseAfter, recordTransitions } from '../../records/domain/record-lifecycle.js';
import { attemptsMoved, nextVersion } from '../../records/mongo/attempt-expressions.js';
import { changingHours, failureHoursOf, type FailureHour } from '../../records/mongo/changed-hours.js';
import { errorRecordsOf } from '../../records/mongo/error-record-collection.js';
import type { DueRetry, RetryTimers } from '../retry-timers.js';

/** The timers of retries in MongoDB: fields of the error records. */
@Injectable()
export class RetryTimerStore implements RetryTimers {
  private readonly records: Collection<StoredErrorRecord>;
  private readonly hours: Collection<FailureHour>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
    this.hours = failureHoursOf(store);
  }

  async due(now: string, limit: number): Promise<DueRetry[]> {
    return this.records
      .find({ next_retry_at: { $gt: '', $lte: now } })
      .sort({ next_retry_at: 1 })
      .limit(limit)
      .project<DueRetry>({ task_id: 1, timestamp: 1, attempt: 1, next_retry_at: 1 })
      .toArray();
  }

  async nextDueAt(): Promise<string | null> {
    const [next] = await this.records
      .find({ next_retry_at: { $gt: '' } })
      .sort({ next_retry_at: 1 })
      .limit(1)
      .project<DueRetry>({ next_retry_at: 1 })
      .toArray();
    return next?.next_retry_at ?? null;
  }

  async markStarted(retries: readonly DueRetry[], now: string, resendAt: string): Promise<void> {
    const update = {
      $set: {
        ...phaseAfter('start'),
        next_retry_at: null,
        resend_at: resendAt,
        resends: 0,
        retry_count: { $add: ['$retry_count', 1] },
        recovery_attempts: attemptsMoved(['scheduled'], 'started'),
        version: nextVersion,
      },
    };
    const operations = [...Map.groupBy(retries, ({ attempt }) => attempt)].map(([attempt, alike]) => ({
      updateMany: {
        filter: {
          _id: { $in: alike.map(({ _id }) => _id) },
          attempt,
          phase: { $in: [...recordTransitions.start.from] },
          next_retry_at: { $lte: now },
        },
        update: [update],
      },
    }));
    if (operations.length === 0) return;
    const times = retries.map(({ timestamp }) => timestamp);
    await changingHours(this.hours, times, () => this.records.bulkWrite(operations, { ordered: false }));
  }
}
