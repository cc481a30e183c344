import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SharedWorkers, type SharedJob } from './simulation/shared-workers.js';

function idOf(number: number): string {
  return `job_01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`;
}

/** More chunks than are looked ahead. */
const flood: SharedJob = { id: idOf(1), tenant: 'a', chunks: 300, tasksPerChunk: 4 };
const small: SharedJob = { id: idOf(2), tenant: 'b', chunks: 3, tasksPerChunk: 4 };

function countIn(order: readonly string[], jobId: string): number {
  return order.filter((id) => id === jobId).length;
}

describe('a job behind more tasks of another tenant than are looked ahead', () => {
  test('gets every second task from when it is accepted, also of chunks that are in the store alone', async () => {
    const platform = new SharedWorkers();
    await platform.submit(flood);
    await platform.run(50);
    await platform.submit(small);
    await platform.run(24);
    expect(countIn(platform.order.slice(50), small.id)).toBe(12);
  });

  test('gets them when another replica takes over, that has seen none of it', async () => {
    const stored = new Map();
    const before = new SharedWorkers(stored);
    await before.submit(flood);
    await before.submit(small);
    const after = new SharedWorkers(stored, [flood, small]);
    await after.run(24);
    expect(countIn(after.order, small.id)).toBe(12);
  });

  test('gets every second task where it is of another type for the same workers', async () => {
    const platform = new SharedWorkers(new Map(), [], ['send', 'bill']);
    await platform.submit(flood);
    await platform.run(20);
    await platform.submit({ ...small, queue: 'bill' });
    await platform.run(24);
    expect(countIn(platform.order.slice(20), small.id)).toBe(12);
  });
});

test.each([
  ['another tenant', { tenant: 'b', priority: 5 }],
  ['a lower priority', { tenant: 'a', priority: 0 }],
])('a job of %s has its turns beside more jobs than are looked ahead, of which ever more come', async (_, owner) => {
  const platform = new SharedWorkers();
  let jobs = 10;
  const more = (): Promise<void> => {
    jobs += 1;
    return platform.submit({ id: idOf(jobs), tenant: 'a', priority: owner.priority === 0 ? 9 : 5, chunks: 1, tasksPerChunk: 2 });
  };
  // They are read as they come.
  for (; jobs < 310; await platform.run(1)) for (let job = 0; job < 10; job += 1) await more();
  const late = { ...small, ...owner, id: idOf(500), chunks: 1, tasksPerChunk: 5 };
  await platform.submit(late);
  for (let task = 0; task < 160; task += 1) {
    await more();
    await platform.run(1);
  }
  expect(countIn(platform.order, late.id)).toBe(owner.priority === 0 ? 1 : 5);
});

test('a bundle behind more bundles of another user than are looked ahead has its turn, and so have those after it', async () => {
  const platform = new SharedWorkers();
  for (let bundle = 0; bundle < 300; bundle += 1) platform.bundle('ann', 2);
  await platform.run(10);
  for (let bundle = 0; bundle < 6; bundle += 1) platform.bundle('bob', 2);
  await platform.run(24);
  expect(countIn(platform.order.slice(10), 'bob')).toBe(12);
});

describe('tasks of a low priority', () => {
  const urgent: SharedJob = { ...flood, priority: 9, chunks: 400 };

  test('have a turn after sixteen slices of others for each priority between them, and not before', async () => {
    const platform = new SharedWorkers();
    await platform.submit({ ...small, priority: 7 });
    await platform.submit(urgent);
    await platform.run(100);
    const turns = platform.order.flatMap((id, at) => (id === small.id ? [at] : []));
    // They count since they were seen first, and again since each turn; one slice in eight can be such a turn.
    expect(turns).toHaveLength(2);
    for (const [turn, at] of turns.entries()) expect(at - (turns[turn - 1] ?? -1)).toBeGreaterThanOrEqual(32);
  });

  test('of every priority come to their end beside more urgent ones that do not', async () => {
    const platform = new SharedWorkers();
    await platform.submit(urgent);
    const others = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((priority) => ({
      id: idOf(10 + priority),
      priority,
      chunks: 1,
      tasksPerChunk: 1,
    }));
    for (const job of others) await platform.submit(job);
    await platform.run(16 * 9 + 8 * 9);
    for (const job of others) expect(platform.order).toContain(job.id);
    expect(countIn(platform.order, urgent.id)).toBe(platform.order.length - others.length);
  });
});

test('whoever waits without end, no tenant has more than two tasks less than another that waits too', async () => {
  const names = fc.constantFrom('a', 'b', 'c');
  const jobs = fc.array(
    fc.record({
      ...{ tenant: names, user: names, after: fc.nat(60) },
      ...{ chunks: fc.constantFrom(1, 2, 5, 40), tasksPerChunk: fc.constantFrom(1, 3) },
    }),
    { minLength: 2, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(jobs, async (given) => {
      const platform = new SharedWorkers();
      const waiting = given.map((job, number) => ({ ...job, id: idOf(number) }));
      const tenantOf = new Map(waiting.map(({ id, tenant }) => [id, tenant]));
      const had = new Map<string, number>();
      /** Of two that wait, how much more one had when both began to. */
      const since = new Map<string, number>();
      for (let task = 0; task < 150; task += 1) {
        for (const job of waiting) if (job.after === task) await platform.submit(job);
        await platform.run(1);
        const served = tenantOf.get(platform.order[platform.order.length - 1] ?? '') ?? '';
        had.set(served, (had.get(served) ?? 0) + 1);
        const isWaiting = (tenant: string): boolean =>
          waiting.some(({ id, tenant: of }) => of === tenant && platform.readyOf(id) > 0);
        for (const pair of ['a b', 'a c', 'b c']) {
          const [one = '', other = ''] = pair.split(' ');
          const difference = (had.get(one) ?? 0) - (had.get(other) ?? 0);
          if (!isWaiting(one) || !isWaiting(other)) since.delete(pair);
          else if (!since.has(pair)) since.set(pair, difference);
          else expect(Math.abs(difference - (since.get(pair) ?? 0))).toBeLessThanOrEqual(2);
        }
      }
    }),
    { numRuns: 60 },
  );
});
