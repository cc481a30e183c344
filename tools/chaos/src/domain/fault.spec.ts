import { describe, expect, test } from '@jest/globals';
import { faultKindNames, faultsOf, type Fault } from './fault.js';
import { Random } from './random.js';

function firstFaults(seed: number, count: number): Fault[] {
  const faults = faultsOf(new Random(seed), { kinds: faultKindNames, workers: ['worker-1'], pauseMsMax: 3_000 });
  return Array.from({ length: count }, () => faults.next().value);
}

describe('a sequence of faults', () => {
  test('is told by its seed', () => {
    expect(firstFaults(7, 40)).toEqual(firstFaults(7, 40));
    expect(firstFaults(8, 40)).not.toEqual(firstFaults(7, 40));
  });

  test('has each kind once before any comes again', () => {
    const round = firstFaults(3, faultKindNames.length).map(({ kind }) => kind);
    expect(round.toSorted()).toEqual(faultKindNames.toSorted());
  });

  test('strikes each process in time, and pauses within bounds', () => {
    const faults = firstFaults(5, 800);
    const struck = new Set(faults.filter(({ kind }) => kind === 'kill').map(({ victim }) => victim));
    expect(struck.size).toBe(7);
    expect(faults.every(({ lastsMs }) => lastsMs >= 500 && lastsMs <= 3_000)).toBe(true);
    expect(faults.filter(({ kind }) => kind === 'kill_all').every(({ victim }) => victim === null)).toBe(true);
  });
});
