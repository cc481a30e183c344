import { Injectable } from '@nestjs/common';
import type { AnyBulkWriteOperation, Collection, FindOptions } from 'mongodb';
import { Store, isUnreachable } from '@kintsugi/persistence';
import { writeDifferences } from '../../platform/mongo/write-versions.js';
import type { StoredErrorRecord } from '../domain/error-record.js';
import { recordTransitions, phaseAfter } from '../domain/record-lifecycle.js';
import { openResults } from '../domain/recovery-attempt.js';
import type { ErrorRecords, RecordChange, RecordStanding, TaskRecovery } from '../error-records.js';
import { attemptsEnded, nextVersion } from './attempt-expressions.js';
import { changeInPages, changingHours, failureHoursOf, type FailureHour } from './changed-hours.js';
import { closedNow, errorRecordsOf } from './error-record-collection.js';

/** All that is asked for comes at once: by itself the database gives the first 101, and waits to be asked for the rest. */
function inOneAnswer(ids: readonly string[]): FindOptions {
  return { batchSize: ids.length + 1 };
}

/** The error records in MongoDB. */
@Injectable()
export class ErrorRecordStore implements ErrorRecords {
  private readonly records: Collection<StoredErrorRecord>;
  private readonly hours: Collection<FailureHour>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
    this.hours = failureHoursOf(store);
  }

  async find(id: string): Promise<StoredErrorRecord | null> {
    return this.records.findOne({ _id: id });
  }

  async findMany(ids: readonly string[]): Promise<Map<string, StoredErrorRecord>> {
    const found = await this.records.find({ _id: { $in: [...ids] } }, inOneAnswer(ids)).toArray();
    return new Map(found.map((record) => [record._id, record]));
  }

  async standings(ids: readonly string[]): Promise<Map<string, RecordStanding>> {
    const found = await this.records
      .find({ _id: { $in: [...ids] } }, inOneAnswer(ids))
      .project<RecordStanding>({ attempt: 1, phase: 1, timestamp: 1, recovery_attempts: 1 })
      .toArray();
    return new Map(found.map((record) => [record._id, record]));
  }

  async write(changes: readonly RecordChange[]): Promise<boolean> {
    try {
      const times = changes.flatMap(({ previous, next }) => [previous?.timestamp ?? next.timestamp, next.timestamp]);
      return await changingHours(this.hours, times, () => writeDifferences(this.records, changes));
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      // Some may be written: whoever asked reads which, if the database is there again.
      return false;
    }
  }

  async recover(recoveries: readonly TaskRecovery[]): Promise<void> {
    const byRun = Map.groupBy(recoveries, ({ attempt, verified }) => `${attempt} ${verified ?? ''}`);
    const operations = [...byRun.values()].map((alike): AnyBulkWriteOperation<StoredErrorRecord> => {
      const isVerified = alike[0]?.verified === true;
      return {
        updateMany: {
          filter: {
            _id: { $in: alike.map(({ _id }) => _id) },
            phase: { $in: [...recordTransitions.recover.from] },
            // The same attempt: the worker of a task of unknown outcome reports late.
            attempt: { $lte: alike[0]?.attempt ?? 0 },
          },
          // Plain operators: an update by expressions makes each document anew and compares it with what it was.
          update: {
            $set: {
              ...phaseAfter('recover'),
              next_retry_at: null,
              resend_at: null,
              'recovery_attempts.$[open].result': 'recovered',
              ...(isVerified ? { verified: true as const } : {}),
            },
            ...(isVerified ? {} : { $unset: { verified: '' } }),
            $currentDate: { closed_at: true },
            $inc: { version: 1 },
          },
          arrayFilters: [{ 'open.result': { $in: [...openResults] } }],
        },
      };
    });
    if (operations.length === 0) return;
    const times = recoveries.map(({ timestamp }) => timestamp);
    await changingHours(this.hours, times, () => this.records.bulkWrite(operations, { ordered: false }));
  }

  async removeSome(jobIds: readonly string[], limit: number): Promise<string[]> {
    const filter = { job_id: { $in: [...jobIds] } };
    const some = await this.records
      .find(filter, { projection: { _id: 1, timestamp: 1 } })
      .limit(limit)
      .toArray();
    const ids = some.map(({ _id }) => _id);
    const times = some.map(({ timestamp }) => timestamp);
    if (ids.length > 0) await changingHours(this.hours, times, () => this.records.deleteMany({ _id: { $in: ids } }));
    return ids;
  }

  async cancelJobs(jobIds: readonly string[], now: string): Promise<void> {
    const filter = { job_id: { $in: [...jobIds] }, phase: { $in: [...recordTransitions.cancel.from] } };
    const update = {
      $set: {
        ...phaseAfter('cancel'),
        ...closedNow,
        next_retry_at: null,
        resend_at: null,
        recovery_attempts: attemptsEnded('failed: the job was cancelled', now),
        version: nextVersion,
      },
    };
    await changeInPages({ records: this.records, hours: this.hours }, filter, [update]);
  }
}
