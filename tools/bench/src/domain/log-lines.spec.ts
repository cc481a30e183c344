import { zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { logLine, logLines } from './log-lines.js';

test('lines are the same in every run, and no two alike', () => {
  expect(logLine(7)).toBe(logLine(7));
  expect(new Set(Array.from({ length: 10_000 }, (_, n) => logLine(n))).size).toBe(10_000);
});

test('lines pack as logs do: neither to nothing nor not at all', () => {
  const lines = Buffer.from(logLines(262_144));
  const share = zstdCompressSync(lines).length / lines.length;
  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.5);
});

test('they are as many bytes as were asked for, and end with a line', () => {
  const lines = logLines(1_000);
  expect(lines.length).toBeGreaterThanOrEqual(1_000);
  expect(lines.length).toBeLessThan(1_200);
  expect(lines.endsWith('\n')).toBe(true);
});
