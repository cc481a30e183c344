import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import {
  ProblemError,
  limits,
  maySee,
  type Actor,
  type ManualRecover as Request,
  type RecoveryReceipt,
  type RequeueTasks,
} from '@kintsugi/contracts';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import { CancelledJobs } from '../../records/mongo/cancelled-jobs.js';
import { ErrorRecordStore } from '../../records/mongo/error-record-store.js';
import type { ErrorRecordPlace } from '../../records/mongo/newest-first.js';
import { errorRecordNotFound } from '../../records/queries/get-error.js';
import { configFor } from '../../policies/domain/retry-policy.js';
import { RetryConfigs } from '../../policies/retry-configs.js';
import { tasksPerCommand, CommandSender } from '../../task-commands/nats/command-sender.js';
import { recoverablePhases, recoveryRefusal, type RecoverableRecord } from '../domain/recovery-refusal.js';
import { ManualRecoveryStore } from '../../records/mongo/manual-recovery-store.js';
import { RecoverableRecords } from '../mongo/recoverable-records.js';
import { Clock } from '../../platform/clock.js';
import { defaultPolicyOf, resendMsOf, type RetrySettings } from '../../recovery-service.config.js';

/** A person's request on its way. It is stored with the first task that is granted, before that one is taken over. */
interface BegunRecovery {
  id: string;
  request: Request;
  requestedBy: Actor;
  isStored: boolean;
}

interface Refusal {
  error_record_id: string;
  reason: string;
}

/**
 * Brings dead tasks back because a person asks: one record's, or those of a whole group, a page at a time. The records
 * are taken over on disk before their tasks are ordered, so that an answer holds whatever happens next.
 */
@Injectable()
export class ManualRecover {
  constructor(
    private readonly records: ErrorRecordStore,
    private readonly recoverable: RecoverableRecords,
    private readonly recoveries: ManualRecoveryStore,
    private readonly configs: RetryConfigs,
    private readonly cancelledJobs: CancelledJobs,
    private readonly sender: CommandSender,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: RetrySettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async execute(request: Request, { actor }: Pick<Origin, 'actor'>): Promise<RecoveryReceipt> {
    const recovery: BegunRecovery = { id: `rcv_${uuidv7()}`, request, requestedBy: actor, isStored: false };
    return request.group_id === undefined
      ? this.recoverRecord(recovery, request.error_record_id ?? '')
      : this.recoverGroup(recovery, request.group_id);
  }

  private async recoverRecord(recovery: BegunRecovery, id: string): Promise<RecoveryReceipt> {
    const record = await this.records.find(id);
    if (!record || !maySee(recovery.requestedBy, record.tenant)) throw errorRecordNotFound(id);
    const { accepted, refusals } = await this.recoverPage(recovery, [record]);
    await this.forgetIfVain(recovery, accepted);
    const [refusal] = refusals;
    if (refusal) {
      throw new ProblemError('STATE_CONFLICT', `The task of ${id} cannot be run again: ${refusal.reason}.`, {
        current: record.phase,
        allowed: recoverablePhases(recovery.request.recovery_options.force),
      });
    }
    return { accepted, refused: [], refused_count: 0 };
  }

  private async recoverGroup(recovery: BegunRecovery, groupId: string): Promise<RecoveryReceipt> {
    const { request } = recovery;
    const part = { groupId, jobId: request.job_id, tenant: recovery.requestedBy.tenant ?? undefined };
    if (!(await this.recoverable.groupExists(part))) {
      const where = request.job_id === undefined ? '' : ` with records of ${request.job_id}`;
      throw new ProblemError(
        'ERROR_GROUP_NOT_FOUND',
        `There is no error group ${groupId}${where}. List the error groups to find its id.`,
      );
    }
    const receipt: RecoveryReceipt = { accepted: 0, refused: [], refused_count: 0 };
    for (let place: ErrorRecordPlace | null = null; ;) {
      const page = await this.recoverable.unrecovered(part, place, tasksPerCommand);
      const { accepted, refusals } = await this.recoverPage(recovery, page);
      receipt.accepted += accepted;
      receipt.refused_count += refusals.length;
      receipt.refused.push(...refusals.slice(0, limits.problemErrors - receipt.refused.length));
      const last = page.at(-1);
      if (!last || page.length < tasksPerCommand) break;
      place = { timestamp: last.timestamp, id: last._id };
    }
    await this.forgetIfVain(recovery, receipt.accepted);
    return receipt;
  }

  private async remember(recovery: BegunRecovery): Promise<void> {
    if (recovery.isStored) return;
    const { error_record_id, group_id, job_id, recovery_options } = recovery.request;
    await this.recoveries.add({
      id: recovery.id,
      requested_by: recovery.requestedBy,
      error_record_id: error_record_id ?? null,
      group_id: group_id ?? null,
      job_id: job_id ?? null,
      force: recovery_options.force,
      ignore_conditions: recovery_options.ignore_conditions,
      params: recovery_options.custom_params,
    });
    recovery.isStored = true;
  }

  /** Every task that seemed free can have been taken by somebody else at this very moment. */
  private async forgetIfVain(recovery: BegunRecovery, accepted: number): Promise<void> {
    if (recovery.isStored && accepted === 0) await this.recoveries.remove(recovery.id);
  }

  private async recoverPage(
    recovery: BegunRecovery,
    page: readonly RecoverableRecord[],
  ): Promise<{ accepted: number; refusals: Refusal[] }> {
    if (page.length === 0) return { accepted: 0, refusals: [] };
    const { recovery_options } = recovery.request;
    const refusals = await this.refusalsOf(page, recovery_options);
    const refused = new Set(refusals.map(({ error_record_id }) => error_record_id));
    const now = this.clock.now();
    const at = new Date(now).toISOString();
    const ids = page.map(({ _id }) => _id).filter((id) => !refused.has(id));
    const tasks = ids.length > 0 ? await this.claim(recovery, ids, now) : [];
    const claimed = new Set(tasks.map(({ task_id }) => task_id));
    const changed = page.filter(({ _id, task_id }) => !refused.has(_id) && !claimed.has(task_id));
    refusals.push(
      ...changed.map(({ _id }) => ({ error_record_id: _id, reason: 'it changed at this very moment; look at it again' })),
    );
    for (const [reason, alike] of Map.groupBy(refusals, (refusal) => refusal.reason)) {
      await this.recoverable.noteRefusal(
        alike.map(({ error_record_id }) => error_record_id),
        reason,
        at,
      );
    }
    await this.order(recovery.id, tasks);
    return { accepted: tasks.length, refusals };
  }

  private async claim(recovery: BegunRecovery, ids: readonly string[], now: number): Promise<RequeueTasks['tasks']> {
    await this.remember(recovery);
    return this.recoverable.claim({
      ids,
      phases: recoverablePhases(recovery.request.recovery_options.force),
      manualRecoveryId: recovery.id,
      now: new Date(now).toISOString(),
      resendAt: new Date(now + resendMsOf(this.settings)).toISOString(),
    });
  }

  private async refusalsOf(page: readonly RecoverableRecord[], options: Request['recovery_options']): Promise<Refusal[]> {
    const [configs, cancelled] = await Promise.all([
      this.configs.all(),
      this.cancelledJobs.among(page.map(({ job_id }) => job_id)),
    ]);
    return page.flatMap((record) => {
      const config = configFor(configs, record.error_type) ?? defaultPolicyOf(this.settings);
      const reason = recoveryRefusal(record, {
        force: options.force,
        conditions: options.ignore_conditions ? [] : config.retry_conditions,
        jobCancelled: cancelled.has(record.job_id),
      });
      return reason === null ? [] : [{ error_record_id: record._id, reason }];
    });
  }

  /** The takeover is on disk: an order that cannot go out now is sent with those that may be lost. */
  private async order(manualRecoveryId: string, tasks: RequeueTasks['tasks']): Promise<void> {
    const requeueTasks = new Map(tasks.length > 0 ? [[manualRecoveryId, tasks]] : []);
    try {
      await this.sender.send({ deferTasks: [], discardTasks: [], retryTasks: [], requeueTasks });
    } catch (error) {
      this.logger.error({ error }, 'Recoveries could not be ordered now; they are ordered later');
    }
  }
}
