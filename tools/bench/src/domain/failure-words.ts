/** Words of which the failures of a bench speak. */
export const verbs = ['refused', 'lost', 'delayed', 'dropped', 'rejected', 'closed', 'reset', 'throttled', 'denied', 'truncated'];
export const things = ['mailbox', 'relay', 'socket', 'bucket', 'cursor', 'session', 'invoice', 'picture', 'feed', 'archive'];
export const places = ['north', 'south', 'east', 'west', 'upper', 'lower', 'inner', 'outer', 'first', 'second'];

/** The value of a number; after the last comes the first again. */
export function of<Value>(values: readonly Value[], n: number): Value {
  return values[n % values.length] as Value;
}
