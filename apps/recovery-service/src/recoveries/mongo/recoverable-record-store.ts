import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import type { RequeueTasks } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { openResults, recoveryAttemptsMax, recoveryMethods } from '../../records/domain/recovery-attempt.js';
import { phaseAfter } from '../../records/domain/record-lifecycle.js';
import { attemptsMoved, attemptsWith, nextVersion } from '../../records/mongo/attempt-expressions.js';
import { errorRecordsOf, ofTenant } from '../../records/mongo/error-record-collection.js';
import { after, newestFirst } from '../../records/mongo/newest-first.js';
import type { ErrorRecordPlace } from '../../records/error-record-search.js';
import type { GroupPart, GroupedRecord, RecoverableRecords, RecoveryClaim } from '../recoverable-records.js';

/** The records in MongoDB that a person may want to bring back. */
@Injectable()
export class RecoverableRecordStore implements RecoverableRecords {
  private readonly records: Collection<StoredErrorRecord>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
  }

  async groupExists(part: GroupPart): Promise<boolean> {
    return (await this.records.countDocuments(inGroup(part), { limit: 1 })) > 0;
  }

  async unrecovered(part: GroupPart, place: ErrorRecordPlace | null, limit: number): Promise<GroupedRecord[]> {
    return this.records
      .find({ ...inGroup(part), ...after(place), phase: { $ne: 'recovered' } })
      .sort(newestFirst)
      .limit(limit)
      .project<GroupedRecord>({
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

  async claim({ ids, phases, manualRecoveryId, now, resendAt }: RecoveryClaim): Promise<RequeueTasks['tasks']> {
    const replaced = attemptsMoved(openResults, 'refused: a manual recovery took its place');
    await this.records.updateMany({ _id: { $in: [...ids] }, phase: { $in: [...phases] } }, [
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
          recovery_attempts: attemptsWith({ timestamp: now, method: recoveryMethods.person, result: 'started' }, replaced),
          version: nextVersion,
        },
      },
    ]);
    return this.records
      .find({ _id: { $in: [...ids] }, manual_recovery_id: manualRecoveryId })
      .project<RequeueTasks['tasks'][number]>({ _id: 0, task_id: 1, attempt: 1 })
      .toArray();
  }

  async noteRefusal(ids: readonly string[], reason: string, now: string): Promise<void> {
    const attempt = { timestamp: now, method: recoveryMethods.person, result: `refused: ${reason}` };
    await this.records.updateMany(
      { _id: { $in: [...ids] } },
      { $push: { recovery_attempts: { $each: [attempt], $slice: -recoveryAttemptsMax } }, $inc: { version: 1 } },
    );
  }
}

function inGroup({ groupId, jobId, tenant }: GroupPart): Filter<StoredErrorRecord> {
  return { group_id: groupId, ...(jobId === undefined ? {} : { job_id: jobId }), ...ofTenant(tenant) };
}
