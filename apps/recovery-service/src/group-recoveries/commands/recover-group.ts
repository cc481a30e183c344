import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ProblemError, jsonHash, type Actor, type GroupRecoveryAnswer, type RecoverGroup as Request } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { FailureGroups } from '../../groups/failure-groups.js';
import { Clock } from '../../platform/clock.js';
import { timeOf } from '../../records/domain/asked-fields.js';
import { errorRecordNotFound } from '../../records/queries/get-error.js';
import { ManualRecoveries } from '../../records/manual-recoveries.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { AwaitedJobs, statusFor, type AwaitedJob } from '../awaited-jobs.js';
import { partOf, type StoredGroupRecovery } from '../domain/group-recovery.js';
import { jobsAwaitedBy } from '../domain/recovery-wait.js';
import { GroupRecoveries } from '../group-recoveries.js';
import { activeRecoveriesMax, activeRecoveriesOfTenantMax } from '../group-recovery-clock.js';
import { GroupRecoveryReader } from '../group-recovery-reader.js';
import { PlanRecovery } from '../queries/plan-recovery.js';
import { RecoveryBell } from '../recovery-bell.js';
import { WaitNotes } from '../wait-notes.js';

/**
 * Begins the recovery of a group, or tells what it would come to. It is on disk before it is answered, and goes on by itself.
 * Of what it is about there is one recovery at a time, and of an idempotency key one at all.
 */
@Injectable()
export class RecoverGroup {
  constructor(
    private readonly recoveries: GroupRecoveries,
    private readonly manualRecoveries: ManualRecoveries,
    private readonly recoverable: RecoverableRecords,
    private readonly groups: FailureGroups,
    private readonly jobs: AwaitedJobs,
    private readonly plan: PlanRecovery,
    private readonly reader: GroupRecoveryReader,
    private readonly waitNotes: WaitNotes,
    private readonly bell: RecoveryBell,
    private readonly clock: Clock,
  ) {}

  async execute(request: Request, { actor }: Pick<Origin, 'actor'>): Promise<GroupRecoveryAnswer> {
    const recovery = await this.begun(request, actor);
    const { idempotency_key: key } = recovery;
    const earlier = key === undefined || request.dry_run ? null : await this.recoveries.ofKey(key);
    if (earlier) requireSame(earlier, recovery);
    // What a key has begun is answered also where what it was about, or waits for, is gone.
    else await this.requireThere(request, recovery);
    const plan = await this.plan.execute(recovery);
    if (request.dry_run) return { plan, recovery: null };
    if (earlier) return { plan, recovery: await this.reader.view(earlier) };
    await this.requireRoom(actor);
    const { begun } = await this.store({ ...recovery, records: plan.records }, request);
    if (begun._id === recovery._id) {
      this.bell.ring();
      await this.waitNotes.add(recovery);
    }
    return { plan, recovery: await this.reader.view(begun) };
  }

  /** A tenant that begins very many keeps none of the others from beginning theirs. */
  private async requireRoom({ tenant }: Actor): Promise<void> {
    const [inAll, own] = await Promise.all([this.recoveries.countActive(), this.recoveries.countActive({ tenant })]);
    const isOwn = own >= activeRecoveriesOfTenantMax;
    if (!isOwn && inAll < activeRecoveriesMax) return;
    const [most, whose] = isOwn ? [activeRecoveriesOfTenantMax, ' of this tenant'] : [activeRecoveriesMax, ''];
    throw new ProblemError(
      'OVERLOADED',
      `${most} recoveries of groups${whose} are under way already. Wait for one to end, or cancel one.`,
    );
  }

  private async requireThere(request: Request, recovery: StoredGroupRecovery): Promise<void> {
    const { error_record_id: recordId } = recovery.filter;
    const { tenant } = partOf(recovery);
    if (recovery.group_id !== null && !(await this.recoverable.exist({ group_id: recovery.group_id, tenant }))) {
      throw new ProblemError(
        'ERROR_GROUP_NOT_FOUND',
        `There is no group ${request.group_id} with records. List the groups to find its id.`,
      );
    }
    if (recordId !== undefined && !(await this.recoverable.exist({ error_record_id: recordId, tenant }))) {
      throw errorRecordNotFound(recordId);
    }
    const jobIds = jobsAwaitedBy(request.when);
    const jobs = jobIds.length > 0 ? await this.jobs.of(jobIds) : new Map<string, AwaitedJob>();
    const missing = jobIds.find((id) => statusFor(recovery.requested_by, jobs.get(id)) === null);
    if (missing === undefined) return;
    throw new ProblemError('JOB_NOT_FOUND', `There is no job ${missing} to wait for. Nothing was begun.`);
  }

  /** The recovery as it would begin. A group that was made part of another is that other. */
  private async begun(request: Request, actor: Origin['actor']): Promise<StoredGroupRecovery> {
    const { group_id: named, filter = {}, recovery_options, canary, rate_per_second, idempotency_key: key } = request;
    const group = named === undefined ? null : await this.groups.find(named);
    const group_id = group?.merged_into ?? named ?? null;
    const at = new Date(this.clock.now()).toISOString();
    const about = { tenant: actor.tenant, group_id, filter: { ...filter, ...timesOf(filter) } };
    const { when, give_up_after_seconds: giveUpAfter } = request;
    const state = when ? 'waiting' : canary.size > 0 ? 'canary' : 'ramping';
    const until = this.clock.now() + giveUpAfter * 1_000;
    return {
      ...{
        _id: `rcv_${uuidv7()}`,
        ...about,
        force: recovery_options.force,
        ignore_conditions: recovery_options.ignore_conditions,
      },
      ...{ canary, rate_per_second, requested_by: actor, requested_at: at, records: 0, state, reason: null, state_at: at },
      ...{ place: null, exhausted: false, next_at: 0, active: true, version: 1 },
      ...(when ? { wait: { conditions: when, approvals: [], seen: [], until } } : {}),
      open_for: jsonHash(about),
      // A key is its tenant's own.
      ...(key === undefined ? {} : { idempotency_key: `${actor.tenant ?? ''}/${key}` }),
      // As it was asked for: the same request is the same after a merge of its group, too.
      request_hash: jsonHash({
        ...{ about: { ...about, group_id: named ?? null }, recovery_options, canary, rate_per_second },
        ...(when ? { when, giveUpAfter } : {}),
      }),
    };
  }

  /** The params first: a recovery without them would order other runs than were asked for. */
  private async store(recovery: StoredGroupRecovery, request: Request): Promise<{ begun: StoredGroupRecovery }> {
    const { _id: id, requested_by, group_id, filter, force, ignore_conditions } = recovery;
    await this.manualRecoveries.add({
      ...{ id, requested_by, error_record_id: null, group_id, job_id: filter.job_id ?? null, force, ignore_conditions },
      params: request.recovery_options.custom_params,
      from_step: request.recovery_options.from_step,
      waits_until: recovery.wait?.until,
    });
    const other = await this.recoveries.add(recovery);
    if (!other) return { begun: recovery };
    await this.manualRecoveries.remove(id);
    if (recovery.idempotency_key !== undefined && other.idempotency_key === recovery.idempotency_key) {
      return { begun: requireSame(other, recovery) };
    }
    throw new ProblemError('STATE_CONFLICT', `${other._id} recovers these records already. Wait for it to end, or cancel it.`, {
      current: other.state,
      allowed: ['completed', 'stopped', 'cancelled'],
    });
  }
}

function timesOf({ from, to }: NonNullable<Request['filter']>): { from?: string; to?: string } {
  return { ...(from === undefined ? {} : { from: timeOf(from) }), ...(to === undefined ? {} : { to: timeOf(to) }) };
}

function requireSame(earlier: StoredGroupRecovery, { request_hash }: StoredGroupRecovery): StoredGroupRecovery {
  if (earlier.request_hash === request_hash) return earlier;
  throw new ProblemError(
    'IDEMPOTENCY_MISMATCH',
    `The key has begun ${earlier._id}, for another request. Give another key for another recovery.`,
  );
}
