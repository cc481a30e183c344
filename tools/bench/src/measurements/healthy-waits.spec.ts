import { expect, test } from '@jest/globals';
import type { Recorded } from '../domain/exactness.js';
import type { Submission } from '../system/system-under-test.js';
import { waitsBesideStorm, waitsWhileCalm, type Probing } from './healthy-waits.js';

const most = { startMs: 50, stormMs: 50 };
const ended: Recorded = { done: 0, failed: 10_000, unfinished: 0 };
const submissionOf = (accepted: number): Submission => ({ startedAtMs: 0, acceptedAtMs: 0, accepted, receipts: [] });

/** A producer, a worker that has the given latencies at each look, or those of all that was accepted, and a system. */
function fakes(looks: number[][] | 'all', bulk: () => Promise<Submission>, records: Recorded[]) {
  const calls: string[] = [];
  let probes = 0;
  const nextOf = <Of>(all: Of[]): Of => (all.length > 1 ? all.shift() : all[0]) as Of;
  const producer = {
    call: async (method: string, order: { count: number }) => {
      calls.push(method);
      if (method === 'bulk') return bulk();
      await new Promise((resolve) => setImmediate(resolve));
      probes += order.count;
      return submissionOf(order.count);
    },
  };
  const worker = {
    call: async (method: string) =>
      method === 'tally' ? { latenciesMs: looks === 'all' ? waits(probes) : nextOf(looks) } : true,
  };
  const system = { recordedOf: async () => nextOf(records) };
  return { calls, probing: { producer, worker, system } as unknown as Probing };
}

const accepted = async (): Promise<Submission> => submissionOf(10_000);
const waits = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test('what has been accepted last and begins late is waited for', async () => {
  const { probing } = fakes([waits(18), waits(19), waits(20)], accepted, [ended]);
  expect(await waitsWhileCalm(probing, 20)).toEqual(waits(20));
});

test('healthy tasks that never begin fail the run, however fast the others were', async () => {
  const { probing } = fakes([waits(9)], accepted, [ended]);
  await expect(waitsBesideStorm(probing, probing.producer, 'fail', most)).rejects.toThrow('healthy tasks 9 had begun');
});

test('a storm is probed until the last of its tasks has ended', async () => {
  const { probing, calls } = fakes('all', accepted, [{ ...ended, unfinished: 2 }, { ...ended, unfinished: 1 }, ended]);
  const found = await waitsBesideStorm(probing, probing.producer, 'fail', { ...most, stormMs: 60_000 });
  const asked = calls.filter((method) => method === 'probes').length;
  expect(asked).toBeGreaterThan(1);
  expect(found).toHaveLength(10 * asked);
});

test('a storm that is never over fails the run', async () => {
  const { probing } = fakes('all', accepted, [{ ...ended, unfinished: 3 }]);
  await expect(waitsBesideStorm(probing, probing.producer, 'fail', most)).rejects.toThrow('3 of 10000 tasks had not ended');
});

test('a storm that is refused while a healthy task is submitted fails the run, and not the whole bench', async () => {
  const refused = async (): Promise<Submission> => Promise.reject(new Error('refused'));
  const { probing } = fakes('all', refused, [ended]);
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    await expect(waitsBesideStorm(probing, probing.producer, 'fail', most)).rejects.toThrow('refused');
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
