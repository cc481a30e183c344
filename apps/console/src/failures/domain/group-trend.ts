import type { FailureGroup } from '@kintsugi/contracts';

export type Trend = 'regressed' | 'new' | 'rising' | 'steady' | 'quiet';

/** A group rises when the last hour has this many times what an hour before it had. */
const risingFactor = 2;
const risingMin = 5;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How a group of failures is going; the first that holds is the one that matters. */
export function trendOf(group: Pick<FailureGroup, 'per_hour' | 'regressed_at' | 'first_seen' | 'state'>, now: number): Trend {
  const { per_hour, regressed_at, first_seen } = group;
  if (regressed_at !== null && now - Date.parse(regressed_at) < dayMs) return 'regressed';
  const lastTwo = (per_hour.at(-1) ?? 0) + (per_hour.at(-2) ?? 0);
  if (per_hour.every((count) => count === 0)) return 'quiet';
  if (now - Date.parse(first_seen) < hourMs) return 'new';
  const before = per_hour.slice(0, -2);
  const usual = before.reduce((sum, count) => sum + count, 0) / Math.max(1, before.length);
  return lastTwo >= risingMin && lastTwo / 2 > risingFactor * usual ? 'rising' : 'steady';
}

const order: Trend[] = ['regressed', 'rising', 'new', 'steady', 'quiet'];

/** Those that somebody should look at first. */
export function byUrgency<Group extends Pick<FailureGroup, 'per_hour' | 'regressed_at' | 'first_seen' | 'state' | 'count'>>(
  groups: readonly Group[],
  now: number,
): Group[] {
  return groups
    .map((group) => ({ group, rank: order.indexOf(trendOf(group, now)) }))
    .sort((one, other) => one.rank - other.rank || other.group.count - one.group.count)
    .map(({ group }) => group);
}
