import { expect, test } from '@jest/globals';
import type { UsageRecord } from '../domain/usage-record.js';
import { UsageStoreInMemory } from '../usage-store-in-memory.js';
import { RollUpUsage } from './roll-up-usage.js';

const hour = 3_600_000;

const recordAt = (at: number): UsageRecord => ({
  ...{ kind: 'job', id: 'job_a', worker: 'w1', at, spanMs: 5_000, busyMs: 0, cpuMs: 100, memoryMib: 1, measured: true },
  ...{ done: 0, failed: 0, runMs: 0 },
});

test('whole minutes and hours are made once what belongs to them has come', async () => {
  const store = new UsageStoreInMemory();
  const rollUp = new RollUpUsage(store);
  expect(await rollUp.execute(10 * hour)).toBe(false);
  await store.add('sample', [recordAt(10 * hour + 1_000), recordAt(10 * hour + 61_000)]);
  await rollUp.execute(10 * hour + 89_000);
  expect(await store.madeUpTo('minute')).toBe(0);
  await rollUp.execute(10 * hour + 91_000);
  expect(await store.madeUpTo('minute')).toBe(10 * hour + 60_000);
  expect(await store.madeUpTo('hour')).toBe(0);
});

test('what nobody made for long is made in parts', async () => {
  const store = new UsageStoreInMemory();
  const rollUp = new RollUpUsage(store);
  await store.add('sample', [recordAt(10 * hour), recordAt(12.5 * hour)]);
  let turns = 1;
  while (await rollUp.execute(13 * hour + 31_000)) turns += 1;
  expect(turns).toBe(3);
  expect(await store.madeUpTo('minute')).toBe(13 * hour);
  expect(await store.madeUpTo('hour')).toBe(13 * hour);
  const made: UsageRecord[] = [];
  for await (const one of store.read('hour', { kind: 'job', ids: ['job_a'], from: 0, before: Infinity })) made.push(one);
  expect(made.map(({ at }) => at)).toEqual([10.5 * hour, 12.5 * hour]);
});
