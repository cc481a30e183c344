import { ProblemError, type ActionInput, type ActionName, type ActionResponse, type ProblemCode } from '@kintsugi/contracts';
import { NobodyThereError } from '@kintsugi/messaging';
import type { AskPools } from './slot-loan.js';

type Ask = <Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  at: { host?: string; onlyWhilePresent: boolean },
) => Promise<ActionResponse<Action>>;

const present = { onlyWhilePresent: true };

/**
 * Asks about slots. Who has one asks its host itself, and recovery-service, which knows the hosts, only where that has another name
 * by now, or the slot is elsewhere. A new one is asked for at recovery-service, and while nobody is there at the host that had the
 * pool the last time. That may be asked twice: a slot that was given out unheard comes back, since nobody beats for it.
 */
export function askPoolsBy(ask: Ask): AskPools {
  const hosts = new Map<string, string>();
  return async (action, data, host) => {
    const atDoor = () => ask(action, data, present);
    const at = (known: string) => ask(action, data, { ...present, host: known });
    if (host !== undefined) {
      return unless((error) => error instanceof NobodyThereError || isProblem(error, 'SLOT_NOT_FOUND'), at(host), atDoor);
    }
    const { pool = '' } = data as { pool?: string };
    const isAway = (error: unknown): boolean => isProblem(error, 'SERVICE_UNAVAILABLE');
    const answer = await unless(isAway, atDoor(), (away) => {
      const known = hosts.get(pool);
      if (known === undefined) throw away;
      // The pool may be elsewhere by now, which only recovery-service knows.
      return unless(
        (error) => isProblem(error, 'POOL_NOT_FOUND'),
        at(known),
        () => Promise.reject(away as Error),
      );
    });
    hosts.set(pool, answer.host);
    return answer;
  };
}

/** Asks somebody else after such a failure. */
async function unless<Answer>(
  isSuch: (error: unknown) => boolean,
  asked: Promise<Answer>,
  next: (error: unknown) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!isSuch(error)) throw error;
    return next(error);
  }
}

function isProblem(error: unknown, code: ProblemCode): boolean {
  return error instanceof ProblemError && error.code === code;
}
