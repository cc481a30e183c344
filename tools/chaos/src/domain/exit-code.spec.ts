import { expect, test } from '@jest/globals';
import { exitCodeOf } from './exit-code.js';
import type { Recovery } from './results.js';

const killed = (healedMs: number): Recovery => ({ kind: 'kill', victim: 'job-service', acceptedMs: 1, healedMs });
const violation = { promise: 'no accepted job is lost' as const, about: 'job_1' };
const held = { violations: [], recoveries: [killed(3_000)], interrupted: false };

test.each([
  ['held every promise and every bar', held, 0],
  ['had no fault that a bar is about', { ...held, recoveries: [] }, 0],
  ['broke a promise', { ...held, violations: [violation] }, 1],
  ['held every promise and missed a bar', { ...held, recoveries: [killed(3_001)] }, 1],
  ['was broken off', { ...held, interrupted: true }, 130],
  ['had missed a bar before it was broken off', { ...held, recoveries: [killed(3_001)], interrupted: true }, 1],
])('a run that %s', (_, results, code) => {
  expect(exitCodeOf(results)).toBe(code);
});
