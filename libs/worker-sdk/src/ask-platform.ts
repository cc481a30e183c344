import { workerActor, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { callAction, ownOrigin, type Bus, type CallOptions } from '@kintsugi/messaging';

/** Asks a service of the platform for an action, or its process of one host; a problem in the answer is thrown as it is. */
export type AskPlatform = <Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  at?: Pick<CallOptions, 'host' | 'onlyWhilePresent'>,
) => Promise<ActionResponse<Action>>;

/** Asks as the worker that is given, by its own connection. */
export function askPlatformAs(worker: () => { bus: Bus; id: string }): AskPlatform {
  return async (action, data, at) => {
    const { bus, id } = worker();
    return callAction(bus, action, data, { ...at, origin: ownOrigin(workerActor(id)) });
  };
}
