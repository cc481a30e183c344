import { expect, test } from '@jest/globals';
import { samplerOf } from './sampler.js';

const given = (traceFlags: number, traceId = 'f'.repeat(32)) => ({ traceId, traceFlags });

test('what a traceparent says goes first where the sampler is based on it', () => {
  for (const sampler of ['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const) {
    const samples = samplerOf({ sampler, ratio: 0.5 });
    expect([samples(given(1)), samples(given(0))]).toEqual([true, false]);
  }
});

test('all or none of what begins here is traced, as the sampler says', () => {
  expect(samplerOf({ sampler: 'parentbased_always_on', ratio: 0 })(undefined)).toBe(true);
  expect(samplerOf({ sampler: 'always_off', ratio: 1 })(given(1))).toBe(false);
  expect(samplerOf({ sampler: 'always_on', ratio: 0 })(given(0))).toBe(true);
});

test('a ratio chooses as many, and of a trace that is given always the same', () => {
  const samples = samplerOf({ sampler: 'traceidratio', ratio: 0.25 });
  expect(samples(given(0, `${'f'.repeat(16)}${'3'.repeat(16)}`))).toBe(true);
  expect(samples(given(1, `${'0'.repeat(16)}${'4'.repeat(16)}`))).toBe(false);
  const chosen = Array.from({ length: 20_000 }, () => samples(undefined)).filter(Boolean).length;
  expect(chosen / 20_000).toBeCloseTo(0.25, 1);
});
