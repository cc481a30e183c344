import type { ActionInput, ActionName, ActionResponse, PoolHostReport } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';

/** The agents of all hosts of pools. */
export abstract class PoolAgents {
  /** Asks the agent of a host. Rejects with POOL_HOST_AWAY where that has none, and so surely did nothing. */
  abstract ask<Action extends ActionName>(
    host: string,
    action: Action,
    request: ActionInput<Action>,
    origin: Origin,
  ): Promise<ActionResponse<Action>>;
  /** What those that answer say of their hosts. */
  abstract rollCall(): Promise<PoolHostReport[]>;
  /** Tells every replica of a host that is gone for good. */
  abstract tellForgotten(host: string): void;
}
