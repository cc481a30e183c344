import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { GroupAssigner, type AssignedGroup } from '../groups/group-assigner.js';
import { Clock } from '../platform/clock.js';
import { decide, type Decision } from '../policies/domain/retry-decision.js';
import { policyFor } from '../policies/domain/retry-policy.js';
import { RetryConfigs } from '../policies/retry-configs.js';
import { CancelledJobs } from '../records/cancelled-jobs.js';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import type { Failure } from '../records/domain/failure.js';
import type { RecordChange } from '../records/error-records.js';
import { defaultPolicyOf, resendMsOf, type RetrySettings } from '../recovery-service.config.js';
import { recordFailure } from './domain/record-failure.js';

export interface JudgedChange extends RecordChange {
  decision: Decision;
}

/** Gives what becomes of a record by a newer failure of its task. */
export type Judge = (previous: StoredErrorRecord | null, failure: Failure) => JudgedChange;

/** Decides about failures by the policies that hold and the jobs that are cancelled at this moment. */
@Injectable()
export class FailureJudge {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly cancelledJobs: CancelledJobs,
    private readonly assigner: GroupAssigner,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: RetrySettings,
  ) {}

  /** Reads once what all of a group are judged by. Of deleted jobs nothing is kept any more: their failures are left out. */
  async ready(told: readonly Failure[]): Promise<{ failures: readonly Failure[]; judge: Judge }> {
    const ended = await this.cancelledJobs.among(told.map(({ job_id }) => job_id));
    const failures = told.filter(({ job_id }) => ended.get(job_id) !== 'deleted');
    const [configs, groups] = await Promise.all([this.configs.all(), this.assigner.assign(failures)]);
    const groupOf = (failure: Failure): AssignedGroup => {
      const group = groups.get(failure);
      if (!group) throw new Error(`${failure.task_id} is judged without having been read.`);
      return group;
    };
    const fallback = defaultPolicyOf(this.settings);
    // One time for all of a group: their records then mostly change alike, and are written alike.
    const now = this.clock.now();
    const resendAt = now + resendMsOf(this.settings);
    const judge: Judge = (previous, failure) => {
      const decision = decide({
        failure,
        policy: policyFor(failure.error_type, failure.retry_config, configs, fallback),
        failures: failure.failures - (previous?.forgiven_failures ?? 0),
        uncounted: previous?.uncounted_failures ?? 0,
        jobCancelled: ended.has(failure.job_id),
        now,
        random: Math.random(),
      });
      return { previous, next: recordFailure(previous, failure, groupOf(failure), decision, { now, resendAt }), decision };
    };
    return { failures, judge };
  }
}
