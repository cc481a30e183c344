import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import type { RequeueTasks } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { openResults, recoveryAttemptsMax, recoveryMethods } from '../../records/domain/recovery-attempt.js';
import { phaseAfter, type RecordPhase } from '../../records/domain/record-lifecycle.js';
import { attemptsMoved, attemptsWith, nextVersion } from '../../records/mongo/attempt-expressions.js';
import { errorRecordsOf, ofTenant } from '../../records/mongo/error-record-collection.js';
import { after, newestFirst, type ErrorRecordPlace } from '../../records/mongo/newest-first.js';
import type { RecoverableRecord } from '../domain/recovery-refusal.js';

export interface RecoveryClaim {
  ids: readonly string[];
  /** The phases that the records were found recoverable in. */
  phases: readonly RecordPhase[];
  manualRecoveryId: string;
  now: string;
  resendAt: string;
}

export interface GroupedRecord extends RecoverableRecord {
  timestamp: string;
}

/** The records of a group that are asked for: all, or those of a job or of a tenant. */
export interface GroupPart {
  groupId: string;
  jobId: string | undefined;
  tenant: string | undefined;
}

/** The records of failures that a person may want to bring back. */
@Injectable()
export class RecoverableRecords {
  private readonly records: Collection<StoredErrorRecord>;

  constructor(store: Store) {
    this.records = errorRecordsOf(store);
  }

  async groupExists(part: GroupPart): Promise<boolean> {
    return (await this.records.countDocuments(inGroup(part), { limit: 1 })) > 0;
  }

  /**
   * A page of a group's records that have not recovered, newest first: one that fails anew in the meantime is then not
   * met twice.
   */
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
      })
      .toArray();
  }

  /** Takes records over for a manual recovery, their timers removed. Gives the tasks of those that could still be taken. */
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
