import type { StoredGroup } from './failure-group.js';

/** Whether a person has said something of it that would be lost with it. */
export function isSaidOf({ state, note, assignee, splits, split_from, merged_into, joined }: StoredGroup): boolean {
  if (state !== 'open' || note !== null || assignee !== null) return true;
  return splits !== undefined || split_from !== undefined || (merged_into !== null && joined === undefined);
}

/** Whether nothing has become of it since a time, and nothing has yet to. */
export function isStillSince(time: string, { last_seen, state_at, events, moves }: StoredGroup): boolean {
  return last_seen < time && state_at < time && events.length === 0 && moves === undefined;
}
