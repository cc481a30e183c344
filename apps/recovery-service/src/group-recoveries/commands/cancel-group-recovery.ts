import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type GroupRecovery } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { isUnderWay, statesUnderWay } from '../domain/group-recovery-lifecycle.js';
import { GroupRecoveryLedger } from '../group-recovery-ledger.js';
import { GroupRecoveryReader } from '../group-recovery-reader.js';

/** A step of the recovery can come in between this many times. */
const roundsMax = 50;

/** Ends the recovery of a group: nothing more is ordered. Asked for once more, it says the same. */
@Injectable()
export class CancelGroupRecovery {
  constructor(
    private readonly reader: GroupRecoveryReader,
    private readonly ledger: GroupRecoveryLedger,
  ) {}

  async execute({ recovery_id }: ActionRequest<'cancelGroupRecovery'>, { actor }: Pick<Origin, 'actor'>): Promise<GroupRecovery> {
    for (let round = 0; round < roundsMax; round += 1) {
      const recovery = await this.reader.find(recovery_id, actor);
      if (recovery.state === 'cancelled') return this.reader.view(recovery);
      if (!isUnderWay(recovery.state)) {
        throw new ProblemError('STATE_CONFLICT', `${recovery_id} is ${recovery.state}: there is nothing to cancel.`, {
          current: recovery.state,
          allowed: [...statesUnderWay],
        });
      }
      const cancelled = await this.ledger.move(recovery, 'cancel', `by ${actor.name}`);
      if (cancelled) return this.reader.view(cancelled);
    }
    throw new Error(`The recovery ${recovery_id} keeps changing while it is being cancelled.`);
  }
}
