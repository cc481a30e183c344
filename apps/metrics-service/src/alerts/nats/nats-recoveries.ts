import { Injectable } from '@nestjs/common';
import { ProblemError, serviceActor, type IncidentRecovery } from '@kintsugi/contracts';
import { Bus, NobodyThereError, callAction, ownOrigin } from '@kintsugi/messaging';
import type { Recoveries } from '../commands/recover-incidents.js';

const actor = serviceActor('metrics-service');

/** Asks recovery-service over NATS, which leads to its host what is about a pool. */
@Injectable()
export class NatsRecoveries implements Recoveries {
  constructor(private readonly bus: Bus) {}

  async start({ action, target }: IncidentRecovery): Promise<string> {
    const options = { origin: ownOrigin(actor), onlyWhilePresent: true };
    if (action === 'autoRecover') {
      // Nobody's work is interrupted.
      const asked = { pool: target, strategy: 'conservative' } as const;
      const report = await callAction(this.bus, 'autoRecover', asked, options).catch(nobodyThere);
      return `${report.corrupted_recovered} slots are sound again, ${report.corrupted_isolated} are isolated.`;
    }
    const receipt = await callAction(this.bus, 'manualRecover', { group_id: target }, options);
    return `${receipt.accepted} tasks run again, ${receipt.refused_count} were refused.`;
  }
}

/** A host without an agent has surely done nothing. */
function nobodyThere(error: unknown): never {
  throw error instanceof ProblemError && error.code === 'POOL_HOST_AWAY' ? new NobodyThereError(error.message) : error;
}
