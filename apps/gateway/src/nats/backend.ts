import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { ProblemError, requestBodyOf, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { callActionInText, type Bus } from '@kintsugi/messaging';

/** Longest that an action which may safely be asked for twice waits for a service that restarts. */
const patienceMs = 15_000;

/** The services behind this door, asked by action. */
export class Backend {
  constructor(private readonly bus: Bus) {}

  ask<Action extends ActionName>(action: Action, data: ActionInput<Action>, requestId: string): Promise<ActionResponse<Action>> {
    return this.askInText(action, requestBodyOf(action, data), requestId);
  }

  /** @param text the body of the request */
  async askInText<Action extends ActionName>(action: Action, text: string, requestId: string): Promise<ActionResponse<Action>> {
    // What is asked while the connection is cut would only wait for its time-out.
    if (this.bus.state === 'down') {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'NATS cannot be reached. Try again in a moment.', { retry_after: 1 });
    }
    return callActionInText(this.bus, action, text, { requestId, onlyWhilePresent: true });
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
