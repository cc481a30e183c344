import type { ActionInput, ActionName, ActionResponse } from '@kintsugi/contracts';

type Operation = '/job-operations' | '/error-operations' | '/pool-operations';

/** Reads a path with a query. */
export type Read = <Result>(path: string, query?: object) => Promise<Result>;

/** Has an action carried out. */
export type Act = <Action extends ActionName>(
  endpoint: Operation,
  action: Action,
  data: ActionInput<Action>,
) => Promise<ActionResponse<Action>>;
