import { beforeEach, describe, expect, test } from '@jest/globals';
import { SteadyClock } from './steady-clock.js';

const start = 1_700_000_000_000;
const hourMs = 3_600_000;

let wall: number;
let elapsed: number;
let clock: SteadyClock;

beforeEach(() => {
  wall = start;
  elapsed = 5_000;
  clock = new SteadyClock(
    () => wall,
    () => elapsed,
  );
});

function pass(ms: number): number {
  wall += ms;
  elapsed += ms;
  return clock.now();
}

test('goes with the wall clock', () => {
  expect(clock.now()).toBe(start);
  expect(pass(1_234)).toBe(start + 1_234);
  expect(pass(24 * hourMs)).toBe(start + 1_234 + 24 * hourMs);
});

describe.each([hourMs, -hourMs])('when the wall clock is set by %i ms', (stepMs) => {
  test('a retry that is due in ten seconds is started neither at once nor an hour late', () => {
    wall += stepMs;
    const dueAt = start + 10_000;
    expect(clock.now()).toBe(start);
    expect(pass(9_000)).toBeLessThan(dueAt);
    expect(pass(2_500)).toBeGreaterThanOrEqual(dueAt);
  });

  test('it follows in the end, and never goes back', () => {
    wall += stepMs;
    let last = clock.now();
    for (let hour = 0; hour < 11; hour += 1) {
      const now = pass(hourMs);
      expect(now).toBeGreaterThan(last);
      last = now;
    }
    expect(last).toBe(wall);
  });
});

test('a pause of any length is time that has passed', () => {
  expect(pass(30_000)).toBe(start + 30_000);
});
