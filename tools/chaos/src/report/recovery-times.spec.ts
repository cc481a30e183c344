import { expect, test } from '@jest/globals';
import type { Recovery } from '../domain/results.js';
import { recoveryTimes } from './recovery-times.js';

const recovery = (acceptedMs: number, change: Partial<Recovery> = {}): Recovery => ({
  ...{ kind: 'kill', victim: 'worker-1', acceptedMs, healedMs: 2 * acceptedMs },
  ...change,
});

test('times are told by kind and process, the workers as one', () => {
  const rows = recoveryTimes([
    recovery(30, { kind: 'kill_all', victim: null }),
    recovery(10),
    recovery(20, { victim: 'worker-2' }),
    recovery(1, { victim: 'gateway' }),
  ]);
  expect(rows.map(({ what, faults }) => [what, faults])).toEqual([
    ['one process killed (SIGKILL): gateway', 1],
    ['one process killed (SIGKILL): worker', 2],
    ['every process killed at once', 1],
  ]);
  expect(rows[1]).toMatchObject({ accepted: { median: 10, most: 20 }, healed: { median: 20, p95: 40 } });
});
