import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { configFor } from '../policies/domain/retry-policy.js';
import { RetryConfigs } from '../policies/retry-configs.js';
import { CancelledJobs } from '../records/cancelled-jobs.js';
import { defaultPolicyOf, type PolicySettings } from '../recovery-service.config.js';
import { recoveryRefusal, type RecoverableRecord } from './domain/recovery-refusal.js';

/** How far a recovery may go. */
export interface RecoveryLimits {
  force: boolean;
  ignore_conditions: boolean;
}

export interface Refusal {
  error_record_id: string;
  reason: string;
}

/** Tells which records a person may not bring back, by the policies that hold and the jobs that are cancelled at this moment. */
@Injectable()
export class RecoveryRefusals {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly cancelledJobs: CancelledJobs,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async of(records: readonly RecoverableRecord[], options: RecoveryLimits): Promise<Refusal[]> {
    const [configs, cancelled] = await Promise.all([
      this.configs.all(),
      this.cancelledJobs.among(records.map(({ job_id }) => job_id)),
    ]);
    const fallback = defaultPolicyOf(this.settings).config;
    return records.flatMap((record) => {
      const config = configFor(configs, record.error_type) ?? fallback;
      const reason = recoveryRefusal(record, {
        force: options.force,
        conditions: options.ignore_conditions ? [] : config.retry_conditions,
        jobCancelled: cancelled.has(record.job_id),
      });
      return reason === null ? [] : [{ error_record_id: record._id, reason }];
    });
  }
}
