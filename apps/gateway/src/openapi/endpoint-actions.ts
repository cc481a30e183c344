import { operations, type ActionName, type Operation } from '@kintsugi/contracts';

/** The actions that an endpoint takes as `{action, data}`. */
export type EndpointAction = {
  [Action in ActionName]: (typeof operations)[Action] extends { endpoint: string } ? Action : never;
}[ActionName];

/** The actions of one endpoint, in the order in which they are declared. */
export function actionsAt(endpoint: NonNullable<Operation['endpoint']>): EndpointAction[] {
  return (Object.keys(operations) as EndpointAction[]).filter(
    (action) => (operations[action] as Operation).endpoint === endpoint,
  );
}
