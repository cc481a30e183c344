import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor, ManualRecover, RequeueTasks } from '@kintsugi/contracts';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { ManualRecoveries } from '../records/manual-recoveries.js';
import { resendMsOf, type ResendSettings } from '../recovery-service.config.js';
import { CommandSender } from '../task-commands/command-sender.js';
import { recoverablePhases, type RecoverableRecord } from './domain/recovery-refusal.js';
import { RecoverableRecords, type RecoveryClaim } from './recoverable-records.js';

/** A person's request on its way. It is stored with the first record that is granted, before that one is taken over. */
export interface BegunRecovery {
  id: string;
  request: ManualRecover;
  requestedBy: Actor;
  isStored: boolean;
}

/** Takes records over for a person, and orders their tasks: on disk first, so that an answer holds whatever happens next. */
@Injectable()
export class RecordTakeover {
  constructor(
    private readonly recoverable: RecoverableRecords,
    private readonly recoveries: ManualRecoveries,
    private readonly sender: CommandSender,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: ResendSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  begin(request: ManualRecover, requestedBy: Actor): BegunRecovery {
    return { id: `rcv_${uuidv7()}`, request, requestedBy, isStored: false };
  }

  /** Gives the tasks of those records that could still be taken over. */
  async execute(recovery: BegunRecovery, records: readonly RecoverableRecord[]): Promise<RequeueTasks['tasks']> {
    if (records.length === 0) return [];
    await this.remember(recovery);
    return this.take(recovery.id, recovery.request.recovery_options.force, records);
  }

  /**
   * Takes records over for a recovery that is stored. Gives the tasks of those that are its own now; done again, it takes
   * none a second time and orders them once more.
   */
  async take(recoveryId: string, force: boolean, records: RecoveryClaim['records']): Promise<RequeueTasks['tasks']> {
    const now = this.clock.now();
    const tasks = await this.recoverable.claim({
      records,
      phases: recoverablePhases(force),
      manualRecoveryId: recoveryId,
      now: new Date(now).toISOString(),
      resendAt: new Date(now + resendMsOf(this.settings)).toISOString(),
    });
    await this.order(recoveryId, tasks);
    return tasks;
  }

  /** Every task that seemed free can have been taken by somebody else at this very moment: then nothing came of the request. */
  async end(recovery: BegunRecovery, accepted: number): Promise<void> {
    if (recovery.isStored && accepted === 0) await this.recoveries.remove(recovery.id);
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
