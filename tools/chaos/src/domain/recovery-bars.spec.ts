import { expect, test } from '@jest/globals';
import { recoveryBars } from './recovery-bars.js';
import type { Recovery } from './results.js';

const killed = (victim: string, acceptedMs: number, healedMs: number): Recovery => ({
  ...{ kind: 'kill', victim, acceptedMs, healedMs },
});

test('the longest time after a kill of job-service is held to its bar, and that of no other process', () => {
  const bars = recoveryBars([
    killed('job-service', 2_000, 2_500),
    killed('job-service', 900, 3_001),
    killed('mongod', 9_000, 9_000),
    { ...killed('job-service', 9_000, 9_000), kind: 'pause' },
  ]);
  expect(bars.map(({ mostMs, passed }) => [mostMs, passed])).toEqual([
    [2_000, true],
    [3_001, false],
  ]);
});

test('a bar of a fault that a run did not have is open', () => {
  expect(recoveryBars([killed('gateway', 1, 1)]).map(({ passed }) => passed)).toEqual([null, null]);
});
