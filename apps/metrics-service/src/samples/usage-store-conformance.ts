import { beforeEach, describe, expect, test } from '@jest/globals';
import type { UsageRecord } from './domain/usage-record.js';
import type { UsageStore } from './usage-store.js';

const minute = 60_000;
/** The start of an hour, not long ago: what is old is dropped. */
const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000;

const recordAt = (at: number, over: Partial<UsageRecord> = {}): UsageRecord => ({
  ...{ kind: 'job', id: 'job_a', worker: 'w1', at: hour + at, spanMs: 5_000, busyMs: 4_000, cpuMs: 1_000 },
  ...{ memoryMib: 50, measured: false, done: 10, failed: 1, runMs: 8_000, ...over },
});

async function allOf(records: AsyncIterable<UsageRecord>): Promise<UsageRecord[]> {
  const found: UsageRecord[] = [];
  for await (const record of records) found.push(record);
  return found.sort((a, b) => a.at - b.at || (a.worker < b.worker ? -1 : 1));
}

/** What every store of usage promises. */
export function describeUsageStore(name: string, open: () => Promise<UsageStore>): void {
  describe(`a store of usage, ${name}`, () => {
    let store: UsageStore;
    const wanted = { kind: 'job', ids: ['job_a'], from: hour, before: hour + 10 * minute } as const;

    beforeEach(async () => {
      store = await open();
    });

    test('gives back what is asked for, from its first moment up to the one after its last', async () => {
      const records = [recordAt(0), recordAt(5_000, { memoryMib: null, measured: true }), recordAt(10 * minute)];
      await store.add('sample', [...records, recordAt(0, { id: 'job_b' }), recordAt(0, { kind: 'worker', id: 'w1' })]);
      expect(await allOf(store.read('sample', wanted))).toEqual(records.slice(0, 2));
      expect(await store.earliest('sample')).toBe(hour);
      expect(await store.earliest('hour')).toBeNull();
    });

    test('makes a record a minute and an hour of each job and worker, and counts none twice that was made twice', async () => {
      const samples = [0, 5_000, minute + 1].map((at) => recordAt(at));
      await store.add('sample', [...samples, recordAt(0, { worker: 'w2', memoryMib: 70, measured: true }), recordAt(3 * minute)]);
      expect(await store.madeUpTo('minute')).toBe(0);
      expect(await store.rollUp('minute', hour, hour + 2 * minute)).toBe(3);
      await store.rollUp('minute', hour, hour + 2 * minute);
      expect(await store.madeUpTo('minute')).toBe(hour + 2 * minute);
      expect(await allOf(store.read('minute', wanted))).toEqual([
        recordAt(30_000, { spanMs: 10_000, busyMs: 8_000, cpuMs: 2_000, done: 20, failed: 2, runMs: 16_000 }),
        recordAt(30_000, { worker: 'w2', memoryMib: 70, measured: true }),
        recordAt(90_000),
      ]);
      await store.rollUp('hour', hour, hour + 60 * minute);
      expect(await allOf(store.read('hour', { ...wanted, before: hour + 60 * minute }))).toMatchObject([
        { at: hour + 30 * minute, worker: 'w1', cpuMs: 3_000, done: 30 },
        { at: hour + 30 * minute, worker: 'w2', cpuMs: 1_000 },
      ]);
    });

    test('forgets jobs, and nothing else', async () => {
      await store.add('sample', [recordAt(0), recordAt(0, { id: 'job_b' }), recordAt(0, { kind: 'worker', id: 'job_a' })]);
      await store.rollUp('minute', hour, hour + minute);
      await store.remove(['job_a']);
      for (const resolution of ['sample', 'minute'] as const) {
        expect(await allOf(store.read(resolution, wanted))).toEqual([]);
        expect(await allOf(store.read(resolution, { ...wanted, ids: ['job_b'] }))).toHaveLength(1);
        expect(await allOf(store.read(resolution, { ...wanted, kind: 'worker' }))).toHaveLength(1);
      }
    });
  });
}
