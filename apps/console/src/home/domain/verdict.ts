import type { FailureGroup, PlatformHealth } from '@kintsugi/contracts';
import { trendOf } from '../../failures/domain/group-trend.js';
import type { Unserved } from './find-unserved.js';

/** Something that asks for a person. */
export type Concern =
  | { kind: 'regressed' | 'rising' | 'open'; groups: number; isCapped: boolean }
  | { kind: 'firing'; alerts: number; isCapped: boolean }
  | { kind: 'approval'; recoveries: number; isCapped: boolean }
  | { kind: 'unserved'; type: string; jobs: number; isCapped: boolean }
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
  /** Types that nobody runs, and whether there may be more of them. */
  unserved: Unserved | null;
  /** Alerts that fire and that nothing keeps quiet, and whether there are more of them. */
  firing: { alerts: number; isCapped: boolean } | null;
  /** Recoveries that somebody has to approve before they begin, and whether there are more of them. */
  approvals: { recoveries: number; isCapped: boolean } | null;
}

/** Whether anything is wrong: nothing is only where every source says so. The worst stands first. */
export function verdictOf({ overall, groups, unserved, firing, approvals }: Facts, now: number): Verdict {
  const concerns: Concern[] = [
    ...(tellsNothing(firing, firing?.alerts) ? [{ kind: 'unknown' as const, what: 'alerts' as const }] : []),
    ...(firing && firing.alerts > 0 ? [{ kind: 'firing' as const, ...firing }] : []),
    ...(groups === null ? [{ kind: 'unknown' as const, what: 'failures' as const }] : concernsOf(groups, now)),
    ...(tellsNothing(approvals, approvals?.recoveries) ? [{ kind: 'unknown' as const, what: 'approvals' as const }] : []),
    ...(approvals && approvals.recoveries > 0 ? [{ kind: 'approval' as const, ...approvals }] : []),
    ...(unserved?.types ?? []).map((one) => ({ kind: 'unserved' as const, ...one })),
    ...(tellsNothing(unserved, unserved?.types.length) ? [{ kind: 'unknown' as const, what: 'jobs' as const }] : []),
  ];
  return { level: overall === 'ok' && concerns.length > 0 ? 'degraded' : overall, concerns };
}

/** Where none of those that were seen asks for anybody and there are more of them, one of those may. */
function tellsNothing(seen: { isCapped: boolean } | null, asking = 0): boolean {
  return seen === null || (asking === 0 && seen.isCapped);
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
