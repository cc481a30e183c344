import { describe, expect, it } from '@jest/globals';
import { neverRestarted, nextRestart, type RestartHistory } from './restart-backoff.js';

function delaysOf(lives: number[]): number[] {
  let history: RestartHistory = neverRestarted;
  return lives.map((ranForMs) => {
    const next = nextRestart(history, ranForMs);
    history = next.history;
    return next.delayMs;
  });
}

describe('the restart backoff', () => {
  it('restarts at once the first time, then waits twice as long each time, up to five seconds', () => {
    expect(delaysOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it('begins again after ten seconds of health', () => {
    expect(delaysOf([0, 0, 0, 9_999, 10_000, 0, 0])).toEqual([0, 100, 200, 400, 0, 100, 200]);
  });

  it('keeps the count over a healthy time', () => {
    const once = nextRestart(neverRestarted, 50).history;
    expect(nextRestart(once, 60_000).history).toEqual({ total: 2, inARow: 1 });
  });

  it('stays bounded however often a process dies', () => {
    expect(nextRestart({ total: 5_000, inARow: 5_000 }, 0).delayMs).toBe(5_000);
  });
});
