import { Injectable } from '@nestjs/common';
import type { Collection, Filter, FindOptions } from 'mongodb';
import type { RequeueTasks } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { openResults, recoveryAttemptsMax, recoveryMethods, startedAttempt } from '../../records/domain/recovery-attempt.js';
import { phaseAfter } from '../../records/domain/record-lifecycle.js';
import { attemptsMoved, attemptsWith, nextVersion } from '../../records/mongo/attempt-expressions.js';
import { asTooBroad, boundedSearch } from '../../records/mongo/bounded-search.js';
import { changingHours, failureHoursOf, timesOf, type FailureHour } from '../../records/mongo/changed-hours.js';
import { errorRecordsOf } from '../../records/mongo/error-record-collection.js';
import { after, newestFirst } from '../../records/mongo/newest-first.js';
import { recordsAs } from '../../records/mongo/record-filter.js';
import type { ErrorRecordPlace } from '../../records/error-record-search.js';
import type { RecordStanding } from '../domain/recovery-refusal.js';
import type { PlacedRecord, RecoverablePart, RecoverableRecords, RecoveryClaim } from '../recoverable-records.js';

const unrecovered: Filter<StoredErrorRecord> = { phase: { $ne: 'recovered' } };

/** The records in MongoDB that a person may want to bring back. */
@Injectable()
export class RecoverableRecordStore implements RecoverableRecords {
  private readonly records: Collection<StoredErrorRecord>;
  private readonly hours: Collection<FailureHour>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
    this.hours = failureHoursOf(store);
  }

  async exist(part: RecoverablePart): Promise<boolean> {
    const options = { limit: 1, ...boundedSearch };
    return (await this.records.countDocuments(recordsAs(part), options).catch(asTooBroad('filter'))) > 0;
  }

  async countUnrecovered(part: RecoverablePart, limit: number): Promise<number> {
    const filter = { $and: [recordsAs(part), unrecovered] };
    return this.records.countDocuments(filter, { limit, ...boundedSearch }).catch(asTooBroad('filter'));
  }

  async newestUnrecovered(part: RecoverablePart, limit: number): Promise<PlacedRecord[]> {
    return this.pageOf(part, null, limit, boundedSearch).catch(asTooBroad('filter'));
  }

  async unrecovered(part: RecoverablePart, place: ErrorRecordPlace | null, limit: number): Promise<PlacedRecord[]> {
    return this.pageOf(part, place, limit, {});
  }

  async claim({ records, phases, manualRecoveryId, now, resendAt }: RecoveryClaim): Promise<RequeueTasks['tasks']> {
    const replaced = attemptsMoved(openResults, 'refused: a manual recovery took its place');
    const update = [
      {
        $set: {
          ...phaseAfter('requeue'),
          next_retry_at: null,
          resend_at: resendAt,
          resends: 0,
          manual_recovery_id: manualRecoveryId,
          forgiven_failures: '$failures',
          uncounted_failures: '$$REMOVE',
          fails_job: '$$REMOVE',
          retry_count: { $add: ['$retry_count', 1] },
          recovery_attempts: attemptsWith(startedAttempt(manualRecoveryId, now), replaced),
          version: nextVersion,
        },
      },
    ];
    const free = { phase: { $in: [...phases] }, manual_recovery_id: { $ne: manualRecoveryId } };
    const operations = [...Map.groupBy(records, ({ attempt }) => attempt)].map(([attempt, alike]) => ({
      updateMany: { filter: { _id: { $in: alike.map(({ _id }) => _id) }, attempt, ...free }, update },
    }));
    const ids = { _id: { $in: records.map(({ _id }) => _id) } };
    if (operations.length > 0) {
      const times = await timesOf(this.records, ids);
      await changingHours(this.hours, times, () => this.records.bulkWrite(operations, { ordered: false }));
    }
    return this.records
      .find({ ...ids, manual_recovery_id: manualRecoveryId })
      .project<RequeueTasks['tasks'][number]>({ _id: 0, task_id: 1, attempt: 1 })
      .toArray();
  }

  async standing(ids: readonly string[]): Promise<Map<string, RecordStanding>> {
    const found = await this.records
      .find({ _id: { $in: [...ids] } })
      .project<RecordStanding>({ phase: 1, attempt: 1, error_type: 1, manual_recovery_id: 1 })
      .toArray();
    return new Map(found.map((record) => [record._id, record]));
  }

  async noteAttempt(ids: readonly string[], result: string, now: string): Promise<void> {
    const attempt = { timestamp: now, method: recoveryMethods.person, result };
    await this.records.updateMany(
      { _id: { $in: [...ids] } },
      { $push: { recovery_attempts: { $each: [attempt], $slice: -recoveryAttemptsMax } }, $inc: { version: 1 } },
    );
  }

  async moveNote(id: string, from: string, to: string): Promise<void> {
    await this.records.updateOne(
      { _id: id, 'recovery_attempts.result': from },
      { $set: { 'recovery_attempts.$[noted].result': to }, $inc: { version: 1 } },
      { arrayFilters: [{ 'noted.result': from }] },
    );
  }

  private async pageOf(
    part: RecoverablePart,
    place: ErrorRecordPlace | null,
    limit: number,
    options: FindOptions,
  ): Promise<PlacedRecord[]> {
    return this.records
      .find({ $and: [recordsAs(part), after(place), unrecovered] }, options)
      .sort(newestFirst)
      .limit(limit)
      .project<PlacedRecord>({
        timestamp: 1,
        phase: 1,
        error_type: 1,
        error_message: 1,
        attempt: 1,
        job_id: 1,
        job_type: 1,
        task_id: 1,
        ...{ tenant: 1, stack_trace: 1, failures: 1, told: 1, labels: 1 },
      })
      .toArray();
  }
}
