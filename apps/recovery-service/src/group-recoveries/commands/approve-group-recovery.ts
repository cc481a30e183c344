import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type Actor, type GroupRecovery, type Role } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import type { StoredGroupRecovery, StoredWait } from '../domain/group-recovery.js';
import { isSamePerson, mayApprove } from '../domain/recovery-wait.js';
import { GroupRecoveries } from '../group-recoveries.js';
import { GroupRecoveryReader } from '../group-recovery-reader.js';

/** A step of the recovery can come in between this many times. */
const roundsMax = 50;

/** Approves a recovery that waits for it, by somebody else than who has asked for it. Done once more, it says the same. */
@Injectable()
export class ApproveGroupRecovery {
  constructor(
    private readonly reader: GroupRecoveryReader,
    private readonly recoveries: GroupRecoveries,
    private readonly clock: Clock,
  ) {}

  async execute(
    { recovery_id }: ActionRequest<'approveGroupRecovery'>,
    { actor }: Pick<Origin, 'actor'>,
  ): Promise<GroupRecovery> {
    for (let round = 0; round < roundsMax; round += 1) {
      const recovery = await this.reader.find(recovery_id, actor);
      const wait = requireApproval(recovery, actor);
      const { name: by, role } = actor;
      if (!addsTo(wait, role)) return this.reader.view(recovery);
      const approval = { by, role, at: new Date(this.clock.now()).toISOString() };
      const next = { ...recovery, wait: { ...wait, approvals: [...wait.approvals, approval] }, version: recovery.version + 1 };
      if (await this.recoveries.write(recovery, next)) return this.reader.view(next);
    }
    throw new Error(`The recovery ${recovery_id} keeps changing while it is being approved.`);
  }
}

function requireApproval(recovery: StoredGroupRecovery, actor: Actor): StoredWait {
  const { _id: id, state, wait } = recovery;
  const needed = wait ? neededRoles(wait) : [];
  if (state !== 'waiting' || !wait || needed.length === 0) {
    throw new ProblemError('STATE_CONFLICT', `${id} is ${state}, and waits for nobody to approve it.`, {
      current: state,
      allowed: ['waiting'],
    });
  }
  if (!needed.some((role) => mayApprove(actor.role, role))) {
    throw new ProblemError(
      'FORBIDDEN',
      `${id} has to be approved by the role ${needed.join(' or ')}; this key has the role ${actor.role}.`,
    );
  }
  if (isSamePerson(actor, recovery.requested_by)) {
    throw new ProblemError('FORBIDDEN', `${id} was asked for with this key: somebody else has to approve it.`);
  }
  return wait;
}

function neededRoles({ conditions }: StoredWait): Role[] {
  return conditions.flatMap((condition) => (condition.kind === 'approval' ? [condition.role] : []));
}

/** Whether it is waited for an approval that this role may give, and nobody has given. */
function addsTo(wait: StoredWait, role: Role): boolean {
  return neededRoles(wait).some(
    (needed) => mayApprove(role, needed) && !wait.approvals.some((approval) => mayApprove(approval.role, needed)),
  );
}
