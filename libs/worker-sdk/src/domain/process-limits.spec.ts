import { expect, test } from '@jest/globals';
import { CpuGauge, excessWords } from './process-limits.js';

/** What a gauge says of something that uses so many cores, at each fifth of a second. */
function coresOf(use: (at: number) => number, seconds: number): (number | null)[] {
  const gauge = new CpuGauge();
  let cpuMs = 0;
  return Array.from({ length: seconds * 5 }, (_, look) => {
    cpuMs += use(look / 5) * 200;
    return gauge.note(cpuMs, look * 200);
  });
}

test('CPU is told once it was looked at for some seconds', () => {
  const cores = coresOf(() => 2, 10);
  expect(cores.slice(0, 20).every((value) => value === null)).toBe(true);
  expect(cores.at(-1)).toBeCloseTo(2, 1);
});

test('a moment of all cores is no use of all cores', () => {
  const cores = coresOf((at) => (at < 1 ? 4 : 0.1), 10).filter((value) => value !== null);
  expect(Math.max(...cores)).toBeLessThan(1.2);
});

test.each([
  [{ of: 'memory', limit: 100, used: 612.4 }, 'it used 612 MiB of memory, and max_memory of its job is 100'],
  [{ of: 'cpu', limit: 0.5, used: 1.987 }, 'it used 1.99 cores, and max_cpu of its job is 0.5'],
  [{ of: 'processes', limit: 64, used: 65 }, 'it had 65 processes, and its rule allows 64 (max_processes)'],
] as const)('%j is told in words', (excess, words) => expect(excessWords(excess)).toBe(words));
