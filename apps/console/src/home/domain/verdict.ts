import type { FailureGroup, PlatformHealth } from '@kintsugi/contracts';
import { trendOf } from '../../failures/domain/group-trend.js';

/** Something that asks for a person. */
export type Concern =
  | { kind: 'regressed' | 'rising' | 'open'; groups: number; isCapped: boolean }
  | { kind: 'firing'; alerts: number; isCapped: boolean }
  | { kind: 'approval'; recoveries: number }
  | { kind: 'unserved'; type: string; jobs: number }
  | { kind: 'unknown'; what: 'alerts' | 'failures' | 'jobs' | 'approvals' };

export interface Verdict {
  level: PlatformHealth['overall'];
  concerns: Concern[];
}

/** What is known; null where it could not be had. */
export interface Facts {
  overall: PlatformHealth['overall'];
  /** Open groups of failures, and whether there are more of them. */
  groups: {
    items: readonly Pick<FailureGroup, 'per_hour' | 'regressed_at' | 'first_seen' | 'state'>[];
    isCapped: boolean;
  } | null;
  unserved: readonly { type: string; jobs: number }[] | null;
  /** Alerts that fire and that nothing keeps quiet, and whether there are more of them. */
  firing: { alerts: number; isCapped: boolean } | null;
  /** Recoveries that somebody has to approve before they begin. */
  approvals: number | null;
}

/** Whether anything is wrong: nothing is only where every source says so. The worst stands first. */
export function verdictOf({ overall, groups, unserved, firing, approvals }: Facts, now: number): Verdict {
  const concerns: Concern[] = [
    ...(tellsNothing(firing) ? [{ kind: 'unknown' as const, what: 'alerts' as const }] : []),
    ...(firing && firing.alerts > 0 ? [{ kind: 'firing' as const, ...firing }] : []),
    ...(groups === null ? [{ kind: 'unknown' as const, what: 'failures' as const }] : concernsOf(groups, now)),
    ...(approvals === null ? [{ kind: 'unknown' as const, what: 'approvals' as const }] : []),
    ...(approvals ? [{ kind: 'approval' as const, recoveries: approvals }] : []),
    ...(unserved ?? []).map(({ type, jobs }) => ({ kind: 'unserved' as const, type, jobs })),
    ...(unserved === null ? [{ kind: 'unknown' as const, what: 'jobs' as const }] : []),
  ];
  return { level: overall === 'ok' && concerns.length > 0 ? 'degraded' : overall, concerns };
}

/** Where all alerts that were seen are hushed and there are more of them, one of those may fire. */
function tellsNothing(firing: Facts['firing']): boolean {
  return firing === null || (firing.alerts === 0 && firing.isCapped);
}

function concernsOf({ items, isCapped }: NonNullable<Facts['groups']>, now: number): Concern[] {
  const trends = items.map((group) => trendOf(group, now));
  const countOf = (trend: string): number => trends.filter((one) => one === trend).length;
  const [regressed, rising] = [countOf('regressed'), countOf('rising')];
  return [
    { kind: 'regressed' as const, groups: regressed, isCapped: false },
    { kind: 'rising' as const, groups: rising, isCapped: false },
    { kind: 'open' as const, groups: items.length - regressed - rising, isCapped },
  ].filter(({ groups }) => groups > 0);
}
