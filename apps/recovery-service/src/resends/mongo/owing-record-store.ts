import { Injectable } from '@nestjs/common';
import type { Collection, Filter, UpdateFilter } from 'mongodb';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { mayMove, phaseAfter } from '../../records/domain/record-lifecycle.js';
import { attemptsEnded, nextVersion } from '../../records/mongo/attempt-expressions.js';
import { changingHours, failureHoursOf, timesOf, type FailureHour } from '../../records/mongo/changed-hours.js';
import { closedNow, errorRecordsOf } from '../../records/mongo/error-record-collection.js';
import { nextResendAt } from '../domain/resend-schedule.js';
import type { Conclusion, FoundOwingRecord, OwingRecords } from '../owing-records.js';

const read = {
  ...{ task_id: 1, attempt: 1, phase: 1, next_retry_at: 1, decision: 1, manual_recovery_id: 1, resends: 1 },
  ...{ resend_at: 1, fails_job: 1 },
};

/** The records in MongoDB whose command may not have arrived. */
@Injectable()
export class OwingRecordStore implements OwingRecords {
  private readonly records: Collection<StoredErrorRecord>;
  private readonly hours: Collection<FailureHour>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
    this.hours = failureHoursOf(store);
  }

  async nextDueAt(): Promise<string | null> {
    const [next] = await this.records
      .find({ resend_at: { $gt: '' } })
      .sort({ resend_at: 1 })
      .limit(1)
      .project<{ resend_at: string }>({ _id: 0, resend_at: 1 })
      .toArray();
    return next?.resend_at ?? null;
  }

  async due(now: string, limit: number): Promise<FoundOwingRecord[]> {
    return this.records
      .find({ resend_at: { $gt: '', $lte: now } })
      .sort({ resend_at: 1 })
      .limit(limit)
      .project<FoundOwingRecord>(read)
      .toArray();
  }

  async *neverResent(after: string, until: string, groupSize: number): AsyncGenerator<FoundOwingRecord[]> {
    const cursor = this.records
      .find({ resend_at: { $gt: after, $lt: until }, resends: 0 })
      .hint({ resend_at: 1 })
      .project<FoundOwingRecord>(read)
      .batchSize(groupSize);
    let group: FoundOwingRecord[] = [];
    for await (const record of cursor) {
      if (group.push(record) < groupSize) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  }

  async markResent(records: readonly FoundOwingRecord[], now: number, firstIntervalMs: number): Promise<void> {
    await this.change(records, now, ({ resends }) => ({
      $set: { resend_at: nextResendAt(resends + 1, now, firstIntervalMs) },
      $inc: { resends: 1, version: 1 },
    }));
  }

  async settle(records: readonly FoundOwingRecord[], now: number): Promise<void> {
    await this.change(records, now, () => ({ $set: { resend_at: null }, $inc: { version: 1 } }));
  }

  async conclude(conclusions: readonly Conclusion[], now: number): Promise<void> {
    const operations = conclusions
      .filter(({ record, move }) => mayMove(record.phase, move))
      .map(({ record, move, attempt, why }) => ({
        updateOne: {
          filter: { _id: record._id, ...asRead(record, now) },
          update: [
            {
              $set: {
                ...phaseAfter(move),
                ...(move === 'cancel' ? closedNow : {}),
                next_retry_at: null,
                resend_at: null,
                attempt,
                decision: { $concatArrays: ['$decision', [why]] },
                recovery_attempts: attemptsEnded(`failed: ${why}`, new Date(now).toISOString()),
                version: nextVersion,
              },
            },
          ],
        },
      }));
    if (operations.length === 0) return;
    const times = await timesOf(this.records, { _id: { $in: conclusions.map(({ record }) => record._id) } });
    await changingHours(this.hours, times, () => this.records.bulkWrite(operations, { ordered: false }));
  }

  /** Changes records that were found alike in one write. */
  private async change(
    records: readonly FoundOwingRecord[],
    now: number,
    updateOf: (record: FoundOwingRecord) => UpdateFilter<StoredErrorRecord>,
  ): Promise<void> {
    const alike = Map.groupBy(records, ({ phase, attempt, resends }) => `${phase} ${attempt} ${resends}`);
    const operations = [...alike.values()].flatMap((group) =>
      group.slice(0, 1).map((first) => ({
        updateMany: { filter: { _id: { $in: group.map(({ _id }) => _id) }, ...asRead(first, now) }, update: updateOf(first) },
      })),
    );
    if (operations.length > 0) await this.records.bulkWrite(operations, { ordered: false });
  }
}

/** A record that changed in the meantime is another one, or has a time of its own, or none. */
function asRead({ phase, attempt, resends }: FoundOwingRecord, now: number): Filter<StoredErrorRecord> {
  return { phase, attempt, resends, resend_at: { $gt: '', $lte: new Date(now).toISOString() } };
}
