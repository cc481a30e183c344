import { expect, test } from '@jest/globals';
import { TakeLogBatches } from '../../task-logs/commands/take-log-batches.js';
import { blockWith, runOf } from '../../task-logs/log-lines-of.js';
import { LogStoreInMemory } from '../../task-logs/log-store-in-memory.js';
import { SweepLogs, type SweepBounds } from './sweep-logs.js';

const logOf = (number: number): string => `01890a5d-ac96-774b-bcce-b302099a805${number}`;

/** Three logs of 1,000 bytes or so, the first the oldest, and which of them are left. */
async function left(bounds: Partial<SweepBounds>, running: number[] = []) {
  const store = new LogStoreInMemory();
  for (const number of [1, 2, 3]) {
    await store.add([blockWith(logOf(number), 'a', [runOf('0.0', 1, ['x'.repeat(1_000)])], { last_ms: number * 1_000 })]);
  }
  const ends = { areOver: (log: string) => Promise.resolve(!running.map(logOf).includes(log)) };
  const taking = new TakeLogBatches(store, { jobBytesMax: 1, onStored: () => undefined });
  const all = { before: new Date(0), storedBytesMax: 1_000_000, ...bounds };
  const swept = await new SweepLogs(store, ends, taking).execute(all, new AbortController().signal);
  const kept = [1, 2, 3].filter((number) => store.has(logOf(number)));
  return { kept, swept };
}

test('nothing is removed within its time while there is room', async () => {
  expect(await left({})).toMatchObject({ kept: [1, 2, 3], swept: { expired: 0, crowdedOut: 0, storedBytes: 0 } });
});

test('logs go whose last line is too old, and it is said what went', async () => {
  const { kept, swept } = await left({ before: new Date(2_500) });
  expect(kept).toEqual([3]);
  expect(swept).toMatchObject({ expired: 2, crowdedOut: 0, left: { logs: 1 } });
  expect(swept.storedBytes).toBeGreaterThan(2_000);
});

test('the oldest go until the others have room', async () => {
  expect(await left({ storedBytesMax: 2_500 })).toMatchObject({ kept: [2, 3], swept: { expired: 0, crowdedOut: 1 } });
  expect(await left({ storedBytesMax: 0 })).toMatchObject({ kept: [], swept: { crowdedOut: 3 } });
});

test('the log of a job that runs stays, however old it is and however large', async () => {
  expect(await left({ before: new Date(9_000) }, [1])).toMatchObject({ kept: [1], swept: { expired: 2 } });
  expect(await left({ storedBytesMax: 1_500 }, [1, 2])).toMatchObject({ kept: [1, 2], swept: { crowdedOut: 1 } });
});
