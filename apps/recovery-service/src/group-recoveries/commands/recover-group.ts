import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ProblemError, jsonHash, type GroupRecoveryAnswer, type RecoverGroup as Request } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { FailureGroups } from '../../groups/failure-groups.js';
import { Clock } from '../../platform/clock.js';
import { timeOf } from '../../records/domain/asked-fields.js';
import { ManualRecoveries } from '../../records/manual-recoveries.js';
import { RecoverableRecords } from '../../recoveries/recoverable-records.js';
import { partOf, type StoredGroupRecovery } from '../domain/group-recovery.js';
import { GroupRecoveries } from '../group-recoveries.js';
import { activeRecoveriesMax } from '../group-recovery-clock.js';
import { GroupRecoveryReader } from '../group-recovery-reader.js';
import { PlanRecovery } from '../queries/plan-recovery.js';

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
    private readonly plan: PlanRecovery,
    private readonly reader: GroupRecoveryReader,
    private readonly clock: Clock,
  ) {}

  async execute(request: Request, { actor }: Pick<Origin, 'actor'>): Promise<GroupRecoveryAnswer> {
    const recovery = await this.begun(request, actor);
    const plan = await this.plan.execute(recovery);
    if (request.dry_run) return { plan, recovery: null };
    const earlier = recovery.idempotency_key === undefined ? null : await this.recoveries.ofKey(recovery.idempotency_key);
    if (earlier) return { plan, recovery: await this.reader.view(requireSame(earlier, recovery)) };
    if ((await this.recoveries.active(activeRecoveriesMax)).length === activeRecoveriesMax) {
      throw new ProblemError(
        'OVERLOADED',
        `${activeRecoveriesMax} recoveries of groups are under way already. Wait for one to end, or cancel one.`,
      );
    }
    const { begun } = await this.store({ ...recovery, records: plan.records }, request);
    return { plan, recovery: await this.reader.view(begun) };
  }

  /** The recovery as it would begin. A group that was made part of another is that other. */
  private async begun(request: Request, actor: Origin['actor']): Promise<StoredGroupRecovery> {
    const { group_id: named, filter = {}, recovery_options, canary, rate_per_second, idempotency_key: key } = request;
    const group = named === undefined ? null : await this.groups.find(named);
    const group_id = group?.merged_into ?? named ?? null;
    const at = new Date(this.clock.now()).toISOString();
    const about = { tenant: actor.tenant, group_id, filter: { ...filter, ...timesOf(filter) } };
    const part = partOf(about);
    if (group_id !== null && !(await this.recoverable.exist({ group_id, tenant: part.tenant }))) {
      throw new ProblemError('ERROR_GROUP_NOT_FOUND', `There is no group ${named} with records. List the groups to find its id.`);
    }
    const state = canary.size > 0 ? 'canary' : 'ramping';
    return {
      ...{
        _id: `rcv_${uuidv7()}`,
        ...about,
        force: recovery_options.force,
        ignore_conditions: recovery_options.ignore_conditions,
      },
      ...{ canary, rate_per_second, requested_by: actor, requested_at: at, records: 0, state, reason: null, state_at: at },
      ...{ place: null, exhausted: false, next_at: 0, active: true, version: 1 },
      open_for: jsonHash(about),
      // A key is its tenant's own.
      ...(key === undefined ? {} : { idempotency_key: `${actor.tenant ?? ''}/${key}` }),
      // As it was asked for: the same request is the same after a merge of its group, too.
      request_hash: jsonHash({ about: { ...about, group_id: named ?? null }, recovery_options, canary, rate_per_second }),
    };
  }

  /** The params first: a recovery without them would order other runs than were asked for. */
  private async store(recovery: StoredGroupRecovery, request: Request): Promise<{ begun: StoredGroupRecovery }> {
    const { _id: id, requested_by, group_id, filter, force, ignore_conditions } = recovery;
    await this.manualRecoveries.add({
      ...{ id, requested_by, error_record_id: null, group_id, job_id: filter.job_id ?? null, force, ignore_conditions },
      params: request.recovery_options.custom_params,
      from_step: request.recovery_options.from_step,
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
