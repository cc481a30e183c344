import { Injectable } from '@nestjs/common';
import { ProblemError, limits, maySee, shown, type ManualRecover as Request, type RecoveryReceipt } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { ErrorRecordPlace } from '../../records/error-record-search.js';
import { ErrorRecords } from '../../records/error-records.js';
import { errorRecordNotFound } from '../../records/queries/get-error.js';
import { KeptSteps } from '../../task-commands/kept-steps.js';
import { tasksPerCommand } from '../../task-commands/command-sender.js';
import { recoverablePhases, type RecoverableRecord } from '../domain/recovery-refusal.js';
import { RecordTakeover, type BegunRecovery } from '../record-takeover.js';
import { RecoverableRecords } from '../recoverable-records.js';
import { RecoveryRefusals, type Refusal } from '../recovery-refusals.js';

/** Brings dead tasks back because a person asks: one record's, or those of a whole group, a page at a time. */
@Injectable()
export class ManualRecover {
  constructor(
    private readonly records: ErrorRecords,
    private readonly recoverable: RecoverableRecords,
    private readonly refusals: RecoveryRefusals,
    private readonly takeover: RecordTakeover,
    private readonly steps: KeptSteps,
    private readonly clock: Clock,
  ) {}

  async execute(request: Request, { actor }: Pick<Origin, 'actor'>): Promise<RecoveryReceipt> {
    const recovery = this.takeover.begin(request, actor);
    return request.group_id === undefined
      ? this.recoverRecord(recovery, request.error_record_id ?? '')
      : this.recoverGroup(recovery, request.group_id);
  }

  private async recoverRecord(recovery: BegunRecovery, id: string): Promise<RecoveryReceipt> {
    const record = await this.records.find(id);
    if (!record || !maySee(recovery.requestedBy, record.tenant)) throw errorRecordNotFound(id);
    await this.requireStep(recovery, record);
    const { accepted, refusals } = await this.recoverPage(recovery, [record]);
    await this.takeover.end(recovery, accepted);
    const [refusal] = refusals;
    if (refusal) {
      throw new ProblemError('STATE_CONFLICT', `The task of ${id} cannot be run again: ${refusal.reason}.`, {
        current: record.phase,
        allowed: recoverablePhases(recovery.request.recovery_options.force),
      });
    }
    return { accepted, refused: [], refused_count: 0 };
  }

  /** A step that the task has not kept is a slip. In a group, a task without it goes on where it failed. */
  private async requireStep({ request }: BegunRecovery, { job_id: jobId, task_id: taskId }: RecoverableRecord): Promise<void> {
    const { from_step: name } = request.recovery_options;
    if (name === undefined) return;
    const names = taskId === '' ? [] : await this.steps.namesOf(jobId, taskId);
    if (names.includes(name)) return;
    const path = 'data.recovery_options.from_step';
    const allowed = names.length > 0 ? names.join(', ') : 'nothing: the task has kept no step';
    throw new ProblemError('VALIDATION_FAILED', `${path}: got ${shown(name)}, allowed: ${allowed}.`, {
      errors: [{ path, rule: 'UNKNOWN', got: name, allowed }],
    });
  }

  private async recoverGroup(recovery: BegunRecovery, groupId: string): Promise<RecoveryReceipt> {
    const { request } = recovery;
    const part = { group_id: groupId, job_id: request.job_id, tenant: recovery.requestedBy.tenant ?? undefined };
    if (!(await this.recoverable.exist(part))) {
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
    await this.takeover.end(recovery, receipt.accepted);
    return receipt;
  }

  private async recoverPage(
    recovery: BegunRecovery,
    page: readonly RecoverableRecord[],
  ): Promise<{ accepted: number; refusals: Refusal[] }> {
    if (page.length === 0) return { accepted: 0, refusals: [] };
    const refusals = await this.refusals.of(page, recovery.request.recovery_options);
    const refused = new Set(refusals.map(({ error_record_id }) => error_record_id));
    const granted = page.filter(({ _id }) => !refused.has(_id));
    const tasks = await this.takeover.execute(recovery, granted);
    const taken = new Set(tasks.map(({ task_id }) => task_id));
    const changed = granted.filter(({ task_id }) => !taken.has(task_id));
    refusals.push(
      ...changed.map(({ _id }) => ({ error_record_id: _id, reason: 'it changed at this very moment; look at it again' })),
    );
    await this.note(refusals);
    return { accepted: tasks.length, refusals };
  }

  private async note(refusals: readonly Refusal[]): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    for (const [reason, alike] of Map.groupBy(refusals, (refusal) => refusal.reason)) {
      const ids = alike.map(({ error_record_id }) => error_record_id);
      await this.recoverable.noteAttempt(ids, `refused: ${reason}`, at);
    }
  }
}
