import { faultKindNames, type FaultKind } from './domain/fault.js';

/** What `kintsugi chaos` was asked for. */
export interface ChaosFlags {
  seed?: number;
  minutes?: number;
  only?: FaultKind[];
  write?: boolean;
  json?: boolean;
}

/** The kinds of faults that a comma separated list names; a text says what is wrong with it. */
export function faultKindsFrom(list: string): FaultKind[] | string {
  const named = list.split(',').map((name) => name.trim().replaceAll('-', '_'));
  const unknown = named.filter((name) => !(faultKindNames as string[]).includes(name));
  if (unknown.length === 0) return named as FaultKind[];
  return `${unknown.join(', ')} is unknown; there are ${faultKindNames.map((name) => name.replaceAll('_', '-')).join(', ')}.`;
}
