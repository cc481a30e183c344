import type { Recovery } from './results.js';

/** How soon the platform has to work again, whichever time of a run was the longest. */
export interface RecoveryBar {
  says: string;
  /** The longest; null where the run had no such fault. */
  mostMs: number | null;
  barMs: number;
  passed: boolean | null;
}

const acceptedMsMax = 2_000;
const healedMsMax = 3_000;

export function recoveryBars(recoveries: readonly Recovery[]): RecoveryBar[] {
  const kills = recoveries.filter(({ kind, victim }) => kind === 'kill' && victim === 'job-service');
  const bar = (says: string, times: readonly number[], barMs: number): RecoveryBar => {
    const mostMs = times.length > 0 ? Math.round(Math.max(...times)) : null;
    return { says, mostMs, barMs, passed: mostMs === null ? null : mostMs <= barMs };
  };
  return [
    bar(
      'job-service killed: a job accepted again',
      kills.map(({ acceptedMs }) => acceptedMs),
      acceptedMsMax,
    ),
    bar(
      'job-service killed: a task run again',
      kills.map(({ healedMs }) => healedMs),
      healedMsMax,
    ),
  ];
}
