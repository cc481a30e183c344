import { expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { endWaits } from './waits.js';

test('a test whose time is over says what it still waited for, and where', async () => {
  const waiting = eventually(() => expect('pending').toBe('completed'));
  // The first try is over after this.
  await Promise.resolve();
  expect(endWaits).toThrow(/still waited for this to hold:[^]*completed[^]*pending[^]*eventually\.spec\.ts/);
  await expect(waiting).rejects.toThrow('completed');
});

test('a test that waits for nothing any more has nothing to say', async () => {
  let tries = 0;
  await eventually(() => expect((tries += 1)).toBe(2));
  await expect(eventually(() => expect(1).toBe(2), { timeoutMs: 0 })).rejects.toThrow('Expected: 2');
  expect(endWaits).not.toThrow();
});
