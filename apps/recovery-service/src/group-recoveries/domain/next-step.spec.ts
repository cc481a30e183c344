import { describe, expect, test } from '@jest/globals';
import { nextStep, type RecoveryStep } from './next-step.js';

const canary = { size: 5, min_success: 0.8 };
const course = { state: 'canary' as const, canary, rate_per_second: 10, exhausted: false, next_at: 0 };
const now = 1_000_000;
const ends = (recovered: number, failed: number): ('recovered' | 'failed')[] => [
  ...Array.from({ length: recovered }, () => 'recovered' as const),
  ...Array.from({ length: failed }, () => 'failed' as const),
];

function mostOf(step: RecoveryStep): number {
  return step.kind === 'order' ? step.most : 0;
}

describe('the canary', () => {
  test.each([
    ['orders all of it where nothing was ordered', 0, ends(0, 0), 'order'],
    ['waits for what is under way', 5, ends(0, 0), 'wait'],
    ['waits while its failures leave it a chance', 3, ends(1, 1), 'wait'],
    ['orders one more where one of it could not be judged', 1, ends(3, 0), 'order'],
    ['passes once enough of all have recovered', 0, ends(4, 1), 'pass'],
    ['stops as soon as too many have failed', 3, ends(0, 2), 'stop'],
  ])('%s', (_what, open, judged, wanted) => {
    const step = nextStep({ ...course, next_at: now - 400 }, { open, judged }, now);
    expect(step.kind === 'move' ? step.move : step.kind).toBe(wanted);
  });

  test('says why it stops', () => {
    expect(nextStep(course, { open: 0, judged: ends(1, 4) }, now)).toMatchObject({
      reason: '4 of 5 of the canary have failed again; 4 of 5 had to recover',
    });
  });

  test('that the records do not fill is judged by those there are, and is all there was', () => {
    const all = { ...course, exhausted: true };
    expect(nextStep(all, { open: 1, judged: ends(1, 0) }, now).kind).toBe('wait');
    expect(nextStep(all, { open: 0, judged: ends(2, 0) }, now)).toMatchObject({ move: 'complete' });
    expect(nextStep(all, { open: 0, judged: ends(1, 1) }, now)).toMatchObject({ move: 'stop' });
    expect(nextStep(all, { open: 0, judged: [] }, now)).toMatchObject({ move: 'complete' });
  });

  test('of 0.8 of any size needs as many as one would count', () => {
    for (let size = 1; size <= 1_000; size += 1) {
      const needed = Math.ceil((size * 8) / 10);
      const of = { ...course, canary: { size, min_success: 0.8 } };
      expect(nextStep(of, { open: 0, judged: ends(needed, size - needed) }, now)).toMatchObject({ move: 'pass' });
      expect(nextStep(of, { open: 0, judged: ends(needed - 1, size - needed + 1) }, now)).toMatchObject({ move: 'stop' });
    }
  });
});

describe('the ramp', () => {
  const ramp = { ...course, state: 'ramping' as const };

  test('orders at the rate, whatever the times at which it is asked', () => {
    let at = { ...ramp, next_at: now };
    let ordered = 0;
    for (const ms of [0, 50, 130, 200, 450, 460, 1_300, 2_000]) {
      const step = nextStep(at, { open: 0, judged: [] }, now + ms);
      if (step.kind !== 'order') continue;
      ordered += step.most;
      at = { ...at, next_at: step.nextAt(step.most) };
    }
    expect(ordered).toBe(21);
  });

  test('goes on at its rate where the time of day was set back meanwhile', () => {
    const step = nextStep({ ...ramp, next_at: now + 3_600_000 }, { open: 0, judged: [] }, now);
    expect(mostOf(step)).toBe(1);
    expect(step.kind === 'order' && step.nextAt(1)).toBe(now + 1_000 / ramp.rate_per_second);
    expect(nextStep({ ...ramp, next_at: now + 1_000 / ramp.rate_per_second }, { open: 0, judged: [] }, now).kind).toBe('wait');
  });

  test('makes up for a second at most after a pause', () => {
    expect(mostOf(nextStep({ ...ramp, next_at: now - 3_600_000 }, { open: 0, judged: [] }, now))).toBe(11);
  });

  test('orders no more than a minute at the rate ahead of the outcomes', () => {
    expect(nextStep(ramp, { open: 600, judged: [] }, now).kind).toBe('wait');
    expect(mostOf(nextStep(ramp, { open: 598, judged: [] }, now))).toBe(2);
    expect(mostOf(nextStep({ ...ramp, rate_per_second: 1_000, next_at: now - 900 }, { open: 4_999, judged: [] }, now))).toBe(1);
    expect(mostOf(nextStep({ ...ramp, rate_per_second: 1_000, next_at: now - 900 }, { open: 0, judged: [] }, now))).toBe(500);
  });

  test('stops when of the last ones too many have failed', () => {
    expect(nextStep(ramp, { open: 9, judged: ends(16, 4) }, now).kind).toBe('order');
    expect(nextStep(ramp, { open: 9, judged: ends(15, 5) }, now)).toMatchObject({ move: 'stop' });
    expect(nextStep(ramp, { open: 9, judged: ends(0, 5) }, now)).toMatchObject({ move: 'stop' });
  });

  test('is complete once all were met and have ended', () => {
    const all = { ...ramp, exhausted: true };
    expect(nextStep(all, { open: 1, judged: ends(20, 0) }, now).kind).toBe('wait');
    expect(nextStep(all, { open: 0, judged: ends(20, 0) }, now)).toMatchObject({ move: 'complete' });
  });
});
