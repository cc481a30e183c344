import { expect, test } from '@jest/globals';
import { LogAllowance } from './log-allowance.js';

const chunk = 64 * 1024;

/** Bytes that are taken of chunks of lines which come at so many bytes a second, and in how many places some are missing. */
function takenOf(bytesPerS: number, seconds: number, lineBytes: number) {
  const allowance = new LogAllowance();
  let [taken, gaps, wasTaken] = [0, 0, true];
  for (let come = 0; come < bytesPerS * seconds; come += chunk) {
    const isTaken = allowance.admits(chunk, (come / bytesPerS) * 1_000);
    if (isTaken) {
      taken += chunk;
      for (let line = 0; line < chunk / lineBytes; line += 1) allowance.countLines(1);
    }
    if (wasTaken && !isTaken) gaps += 1;
    wasTaken = isTaken;
  }
  return { taken, gaps };
}

test('a run that writes 10 MB of lines a second loses nothing, however long it writes', () => {
  expect(takenOf(10_000_000, 60, 100).gaps).toBe(0);
});

test('of a flood 16 MiB at once and as much a second are taken, and the rest is missing in a few places', () => {
  const { taken, gaps } = takenOf(1_000_000_000, 10, 16_384);
  const mebibytes = taken / 1024 ** 2;
  expect(mebibytes).toBeGreaterThan(16 * 10);
  expect(mebibytes).toBeLessThan(16 * 12);
  expect(gaps).toBeLessThan(50);
});

test('of a flood of short lines less is taken: each of them takes time', () => {
  expect(takenOf(1_000_000_000, 10, 2).taken / 2).toBeLessThan(10 * 1_000_000);
});

test('one write that is larger than all that is allowed is taken, and what follows waits for it', () => {
  const allowance = new LogAllowance();
  expect(allowance.admits(64 * 1024 ** 2, 0)).toBe(true);
  expect(allowance.admits(1, 3_000)).toBe(false);
  expect(allowance.admits(1, 3_300)).toBe(true);
});
