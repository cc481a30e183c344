import { Injectable } from '@nestjs/common';
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { ProblemError, requestBodyOf, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { Bus, callActionWith, type Origin } from '@kintsugi/messaging';

/** Longest that an action which may safely be asked for twice waits for a service that restarts. */
const patienceMs = 15_000;

/** The services behind this door, asked by action. */
@Injectable()
export class Backend {
  constructor(private readonly bus: Bus) {}

  ask<Action extends ActionName>(action: Action, data: ActionInput<Action>, origin: Origin): Promise<ActionResponse<Action>> {
    return this.askWith(action, requestBodyOf(action, data), origin);
  }

  /** @param body of the request */
  async askWith<Action extends ActionName>(
    action: Action,
    body: string | Uint8Array,
    origin: Origin,
  ): Promise<ActionResponse<Action>> {
    // What is asked while the connection is cut would only wait for its time-out.
    if (this.bus.state === 'down') {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'NATS cannot be reached. Try again in a moment.', { retry_after: 1 });
    }
    return callActionWith(this.bus, action, body, { origin, onlyWhilePresent: true, together: true });
  }

  /** Asks again while the service or its database is away. Only for actions that change nothing more when they are repeated. */
  requestWithRetry<Action extends ActionName>(
    action: Action,
    data: ActionInput<Action>,
    origin: Origin,
  ): Promise<ActionResponse<Action>> {
    return this.requestBodyWithRetry(action, requestBodyOf(action, data), origin);
  }

  /** @param body of the request */
  requestBodyWithRetry<Action extends ActionName>(
    action: Action,
    body: string | Uint8Array,
    origin: Origin,
  ): Promise<ActionResponse<Action>> {
    const givesUpAt = performance.now() + patienceMs;
    const policy = retry(
      handleWhen((error) => isAway(error) && performance.now() < givesUpAt),
      { maxAttempts: 1_000, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }) },
    );
    return policy.execute(() => this.askWith(action, body, origin));
  }
}

function isAway(error: unknown): boolean {
  return error instanceof ProblemError && (error.code === 'SERVICE_UNAVAILABLE' || error.code === 'STORE_UNAVAILABLE');
}
