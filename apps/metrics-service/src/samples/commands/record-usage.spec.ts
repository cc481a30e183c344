import { expect, jest, test } from '@jest/globals';
import type { UsageSample } from '@kintsugi/contracts';
import type { UsageRecord } from '../domain/usage-record.js';
import { UsageStoreInMemory } from '../usage-store-in-memory.js';
import { RecordUsage } from './record-usage.js';

const sample: UsageSample = {
  ...{ v: 1, worker_id: 'w1', host: 'h', span_ms: 5_000, busy_ms: 4_000, cpu_ms: 1_000, memory_mib: 80 },
  ...{ loop_share: 0.2, slots: 10, done: 3, failed: 1 },
  jobs: [{ job_id: 'job_a', busy_ms: 4_000, cpu_ms: 900, memory_mib: 80, measured: false, done: 3, failed: 1, run_ms: 4_200 }],
};

function recording(store = new UsageStoreInMemory()) {
  const listener = { onWritten: jest.fn<(records: number) => void>(), onLost: jest.fn<(records: number, why: string) => void>() };
  return { store, listener, record: new RecordUsage(store, listener) };
}

async function of(store: UsageStoreInMemory, kind: UsageRecord['kind'], id: string): Promise<UsageRecord[]> {
  const found: UsageRecord[] = [];
  for await (const one of store.read('sample', { kind, ids: [id], from: 0, before: Infinity })) found.push(one);
  return found;
}

test('a sample is a record of its worker and one of each job, in the middle of its span by our clock', async () => {
  const { store, listener, record } = recording();
  record.take(sample, 100_000);
  await record.close();
  expect(await of(store, 'worker', 'w1')).toMatchObject([{ at: 97_500, spanMs: 5_000, cpuMs: 1_000, done: 3, measured: true }]);
  expect(await of(store, 'job', 'job_a')).toMatchObject([
    { at: 97_500, worker: 'w1', cpuMs: 900, runMs: 4_200, measured: false },
  ]);
  expect(listener.onWritten).toHaveBeenCalledWith(2);
});

test('what the store does not take is lost and counted, and so is what there is no room for', async () => {
  const { store, listener, record } = recording();
  const add = jest.spyOn(store, 'add').mockRejectedValueOnce(new Error('away'));
  record.take(sample, 0);
  await record.close();
  expect(listener.onLost).toHaveBeenCalledWith(2, 'store');
  for (let count = 0; count <= 25_000; count += 1) record.take(sample, 0);
  expect(listener.onLost).toHaveBeenLastCalledWith(2, 'full');
  await record.close();
  expect(add).toHaveBeenCalledTimes(2);
  expect(listener.onWritten).toHaveBeenCalledWith(50_000);
});
