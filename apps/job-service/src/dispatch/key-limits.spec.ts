import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { KeyLimits } from './key-limits.js';

const quick = { tenant: 'default', rate_limit: { key: 'crm', per_second: 10, burst: 1 } };
const slow = { tenant: 'default', rate_limit: { key: 'crm', per_second: 0.01, burst: 1 } };

let limits: KeyLimits;
let told: string[];

beforeEach(() => {
  jest.useFakeTimers();
  limits = new KeyLimits();
  told = [];
  limits.onTokens((key) => told.push(key));
  limits.start();
});

afterEach(() => {
  limits.stop();
  jest.useRealTimers();
});

test.each([[[quick, slow]], [[slow, quick]]])(
  'of jobs that share only a rate key, those that it lets go on first are not kept waiting by the others',
  (jobs) => {
    for (const job of jobs) expect(limits.freeSlots(job)).toBe(0);
    jest.advanceTimersByTime(150);
    expect(told).toHaveLength(1);
    expect(limits.freeSlots(quick)).toBe(1);
  },
);
