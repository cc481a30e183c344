import { Inject, Injectable } from '@nestjs/common';
import {
  DEFAULT_TENANT,
  ProblemError,
  matchesErrorType,
  maySee,
  shown,
  type ActionRequest,
  type FailedTask,
  type RetryConfig,
  type RetryTrial,
} from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import { CancelledJobs } from '../../records/cancelled-jobs.js';
import { failureOf } from '../../records/domain/error-record.js';
import { ErrorRecords } from '../../records/error-records.js';
import { errorRecordNotFound } from '../../records/queries/get-error.js';
import { defaultPolicyOf, type PolicySettings } from '../../recovery-service.config.js';
import { policyFor } from '../domain/retry-policy.js';
import { tryPolicy } from '../domain/retry-trial.js';
import { requireUsableConfig } from '../require-usable-config.js';
import { RetryConfigs } from '../retry-configs.js';

type Request = ActionRequest<'testRetry'>;

/** The failure that a policy is tried on, and how often its task has failed so far. */
interface Tried {
  failure: FailedTask;
  failures: number;
  uncounted: number;
  jobCancelled: boolean;
}

/** Tells what would become of an error, recorded or given, by the policies that hold or by one that is given. */
@Injectable()
export class TestRetry {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly records: ErrorRecords,
    private readonly cancelledJobs: CancelledJobs,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async execute({ error_record_id: id, error, config }: Request, { actor }: Pick<Origin, 'actor'>): Promise<RetryTrial> {
    const tried = error ? given(error, actor.tenant ?? undefined) : await this.recorded(id ?? '', actor);
    const { failure } = tried;
    if (config) requireConfigFor(config, failure.error_type);
    const configs = config ? [config] : await this.configs.all();
    const policy = policyFor(failure.error_type, failure.retry_config, configs, defaultPolicyOf(this.settings));
    return tryPolicy({ ...tried, policy, now: this.clock.now() });
  }

  private async recorded(id: string, actor: Origin['actor']): Promise<Tried> {
    const record = await this.records.find(id);
    if (!record || !maySee(actor, record.tenant)) throw errorRecordNotFound(id);
    return {
      failure: failureOf(record),
      failures: Math.max(1, record.failures - record.forgiven_failures),
      // Its last failure is decided about once more: what that has added is not there yet.
      uncounted: (record.uncounted_failures ?? 0) - (record.failed_runs.at(-1)?.uncounted ? 1 : 0),
      jobCancelled: (await this.cancelledJobs.among([record.job_id])).has(record.job_id),
    };
  }
}

function given({ tenant, attempt, ...error }: NonNullable<Request['error']>, ownTenant: string | undefined): Tried {
  const failure = {
    ...{ task_id: '', job_id: '', failed_at: '', retry_config: null, failures: attempt, attempt },
    ...{ ...error, stack_trace: error.stack_trace ?? '', tenant: tenant ?? ownTenant ?? DEFAULT_TENANT },
  };
  return { failure, failures: attempt, uncounted: 0, jobCancelled: false };
}

function requireConfigFor(config: RetryConfig, errorType: string): void {
  requireUsableConfig(config);
  if (matchesErrorType(config.error_type, errorType)) return;
  const path = 'data.config.error_type';
  throw new ProblemError('VALIDATION_FAILED', `${path}: the policy is not for ${errorType}, which the error is.`, {
    errors: [{ path, rule: 'FORMAT', got: shown(config.error_type), allowed: `${errorType}, or a prefix of it and a star` }],
  });
}
