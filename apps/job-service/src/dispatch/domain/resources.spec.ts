import { describe, expect, test } from '@jest/globals';
import type { Inventory, ResourceLimits } from '@kintsugi/contracts';
import * as fc from 'fast-check';
import { roomFor, unlimited } from './resources.js';
import { couldHold, emptiestAble } from './room-for-tasks.js';
import { WorkerRoster } from './worker-roster.js';

const slots = (most: number) => most;
const capacity = { memory_mib: 1_000, cpu_cores: 4 };

function rosterOf(...workers: Partial<Inventory>[]): WorkerRoster {
  const roster = new WorkerRoster();
  for (const [at, given] of workers.entries()) {
    const rest = { host: 'h', pid: 1, slots: 100, queues: ['send'], draining: false, held: [], running: [] };
    roster.introduce({ worker_id: `w${at}`, ...rest, capacity, ...given }, 0);
    roster.prove(`w${at}`);
  }
  return roster;
}

describe('what a worker has', () => {
  test('bounds the tasks that it holds by what each may use, and is free again as they end', () => {
    const roster = rosterOf({});
    const needs = { max_memory: 300, max_cpu: 0.5 };
    expect(roster.pick('send', slots, undefined, needs)?.room).toBe(3);
    roster.addLease('w0', { chunkId: 'c', fence: 1, open: 3, isolation: Infinity, priority: 5, sentAt: 0, needs }, 0);
    expect(roster.pick('send', slots, undefined, needs)).toBeNull();
    // Tasks that say nothing of what they use are bounded by slots alone.
    expect(roster.pick('send', slots)?.room).toBe(97);
    roster.settle('w0', 'c', 1, 1);
    expect(roster.pick('send', slots, undefined, needs)?.room).toBe(1);
  });

  test('is not asked where it does not say', () => {
    expect(roomFor({ max_memory: 1e6, max_cpu: 1e3 }, unlimited, { memoryMib: 5, cpuCores: 5 })).toBe(Infinity);
    expect(rosterOf({ capacity: undefined }).pick('send', slots, undefined, { max_memory: 1e6, max_cpu: 1e3 })?.room).toBe(100);
  });

  test('is never more than given out, whatever comes and ends', () => {
    const needs = fc.record({
      max_memory: fc.double({ min: 0.1, max: 600, noNaN: true }),
      max_cpu: fc.constantFrom(0.1, 0.3, 1, 3),
    });
    const steps = fc.array(fc.oneof(fc.record({ needs }), fc.record({ ends: fc.nat(20) })), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const roster = rosterOf({}, {});
        const held: { worker: string; fence: number; needs: ResourceLimits }[] = [];
        for (const [fence, step] of all.entries()) {
          if ('needs' in step) {
            const worker = roster.pick('send', slots, undefined, step.needs)?.worker.id;
            if (worker === undefined) continue;
            roster.addLease(
              worker,
              { chunkId: 'c', fence, open: 1, isolation: Infinity, priority: 5, sentAt: 0, needs: step.needs },
              0,
            );
            held.push({ worker, fence, needs: step.needs });
          } else {
            const [ended] = held.splice(step.ends, 1);
            if (ended) roster.settle(ended.worker, 'c', ended.fence, 1);
          }
          for (const worker of ['w0', 'w1']) {
            const own = held.filter((one) => one.worker === worker);
            const sum = (of: (one: ResourceLimits) => number): number => own.reduce((total, one) => total + of(one.needs), 0);
            expect(sum(({ max_memory: memory }) => memory)).toBeLessThanOrEqual(capacity.memory_mib + 0.01);
            expect(sum(({ max_cpu: cpu }) => cpu)).toBeLessThanOrEqual(capacity.cpu_cores + 0.01);
          }
        }
      }),
    );
  });

  test('tells whether a task has ever room, and which worker has the most that could be made free', () => {
    const roster = rosterOf(
      {},
      { capacity: { memory_mib: 2_000, cpu_cores: 1 } },
      { queues: ['other'], capacity: { memory_mib: 9_000, cpu_cores: 9 } },
    );
    const offering = roster.offeredQueues.get('send') ?? [];
    expect(couldHold(offering, { max_memory: 1_500, max_cpu: 1 })).toBe(true);
    expect(couldHold(offering, { max_memory: 1_500, max_cpu: 2 })).toBe(false);
    expect(emptiestAble(offering, { max_memory: 1_500, max_cpu: 1 })?.id).toBe('w1');
    expect(emptiestAble(offering, { max_memory: 1_500, max_cpu: 2 })).toBeNull();
  });
});
