import { faultKinds } from '../domain/fault.js';
import type { Recovery } from '../domain/results.js';

/** How soon the platform worked again after one kind of fault, or after those of one process. */
export interface RecoveryTimes {
  what: string;
  faults: number;
  accepted: Spread;
  healed: Spread;
}

/** Milliseconds: half of the times are at most the median, none is above the most. */
export interface Spread {
  median: number;
  p95: number;
  most: number;
}

/** A row a kind of fault; kills and pauses of one process a row a process. */
export function recoveryTimes(recoveries: readonly Recovery[]): RecoveryTimes[] {
  const rows = Map.groupBy(
    recoveries,
    ({ kind, victim }) => `${faultKinds[kind]}${victim === null ? '' : `: ${roleOf(victim)}`}`,
  );
  const order = Object.values(faultKinds) as string[];
  const placeOf = (what: string): number => order.findIndex((kind) => what.startsWith(kind));
  return [...rows]
    .map(([what, of]) => ({
      what,
      faults: of.length,
      accepted: spreadOf(of.map(({ acceptedMs }) => acceptedMs)),
      healed: spreadOf(of.map(({ healedMs }) => healedMs)),
    }))
    .sort((one, other) => placeOf(one.what) - placeOf(other.what) || (one.what < other.what ? -1 : 1));
}

function roleOf(victim: string): string {
  return victim.replace(/-\d+$/, '');
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { median: at(0.5), p95: at(0.95), most: at(1) };
}
