import { ProblemError, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { NobodyThereError } from '@kintsugi/messaging';
import type { AskPools } from './slot-loan.js';

type Ask = <Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  at?: { host: string },
) => Promise<ActionResponse<Action>>;

/**
 * Asks about slots. Who has one asks its host itself, and recovery-service, which knows the hosts, only where that has another name
 * by now. A new one is asked for at recovery-service, and while nobody is there at the host that had the pool the last time.
 */
export function askPoolsBy(ask: Ask): AskPools {
  const hosts = new Map<string, string>();
  return async (action, data, host) => {
    if (host !== undefined) return unlessAway(ask(action, data, { host }), () => ask(action, data));
    const { pool = '' } = data as { pool?: string };
    const answer = await unlessAway(ask(action, data), (away) => {
      const known = hosts.get(pool);
      if (known === undefined) throw away;
      return orElse(away, ask(action, data, { host: known }));
    });
    hosts.set(pool, answer.host);
    return answer;
  };
}

/** Asks somebody else where nobody was there. */
async function unlessAway<Answer>(asked: Promise<Answer>, next: (away: NobodyThereError) => Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof NobodyThereError)) throw error;
    return next(error);
  }
}

/** The pool may be elsewhere by now, which only recovery-service knows. */
async function orElse<Answer>(away: NobodyThereError, asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof ProblemError && error.code === 'POOL_NOT_FOUND' ? away : error;
  }
}
