import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { ProblemError, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { callAction, type Bus } from '@kintsugi/messaging';

/** Longest that an action which may safely be asked for twice waits for a service that restarts. */
const patienceMs = 15_000;

/** The services behind this door, asked by action. */
export class Backend {
  constructor(private readonly bus: Bus) {}

  ask<Action extends ActionName>(action: Action, data: ActionInput<Action>, requestId: string): Promise<ActionResponse<Action>> {
    return callAction(this.bus, action, data, { requestId });
  }

  /** Asks again while the service or its database is away. Only for actions that change nothing more when they are repeated. */
  askPatiently<Action extends ActionName>(
    action: Action,
    data: ActionInput<Action>,
    requestId: string,
  ): Promise<ActionResponse<Action>> {
    const givesUpAt = performance.now() + patienceMs;
    const policy = retry(
      handleWhen((error) => isAway(error) && performance.now() < givesUpAt),
      { maxAttempts: 1_000, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }) },
    );
    return policy.execute(() => this.ask(action, data, requestId));
  }
}

function isAway(error: unknown): boolean {
  return error instanceof ProblemError && (error.code === 'SERVICE_UNAVAILABLE' || error.code === 'STORE_UNAVAILABLE');
}
