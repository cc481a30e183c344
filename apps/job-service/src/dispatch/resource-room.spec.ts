import { describe, expect, test } from '@jest/globals';
import type { Inventory } from '@kintsugi/contracts';
import { SharedWorkers, type SharedJob } from './simulation/shared-workers.js';

const worker = { slots: 10, capacity: { memory_mib: 1_000, cpu_cores: 4 } };

/** Another worker of four slots, with so much memory. */
function inventoryOf(id: string, memory: number): Inventory {
  const rest = { host: 'h', pid: 2, queues: ['send'], draining: false, held: [], running: [] };
  return { worker_id: id, slots: 4, capacity: { memory_mib: memory, cpu_cores: 4 }, ...rest };
}

function jobOf(number: number, tasks: number, memory?: number): SharedJob {
  const id = `job_01890a5d-ac96-774b-bcce-${String(number).padStart(12, '0')}`;
  return {
    id,
    chunks: 1,
    tasksPerChunk: tasks,
    ...(memory === undefined ? {} : { limits: { max_memory: memory, max_cpu: 0.1 } }),
  };
}

describe('tasks that say what they use', () => {
  test('are with a worker only as far as it has room, and fill it', async () => {
    const platform = new SharedWorkers(new Map(), [], ['send'], worker);
    const [one, other] = [jobOf(1, 20, 300), jobOf(2, 20, 200)];
    await platform.submit(one);
    await platform.submit(other);
    for (let task = 0; task < 40; task += 1) {
      platform.parts.dispatcher.run();
      await platform.run(1);
      const memory = platform.underWay.reduce((sum, { limits }) => sum + (limits?.max_memory ?? 0), 0);
      expect(memory).toBeLessThanOrEqual(1_000);
    }
    expect(platform.order).toHaveLength(40);
  });

  test('let those pass that have room, until a worker is kept for them', async () => {
    const platform = new SharedWorkers(new Map(), [], ['send'], worker);
    const [small, large, endless] = [jobOf(1, 3, 300), jobOf(2, 2, 900), jobOf(3, 200, 100)];
    await platform.submit(small);
    await platform.run(1);
    await platform.submit(endless);
    await platform.submit(large);
    await platform.run(120);
    expect(platform.order.indexOf(endless.id)).toBeGreaterThanOrEqual(0);
    expect(platform.order.slice(0, 100)).toContain(large.id);
    expect(platform.order.slice(100)).toContain(endless.id);
  });

  test.each([
    ['a higher priority', { priority: 9 }],
    ['another tenant', { tenant: 'other' }],
    ['another user', { user: 'other' }],
    ['a lower priority', { priority: 1 }],
  ])('have the worker that is kept for them, whatever of %s comes meanwhile', async (_, owner) => {
    for (const memory of [undefined, 50]) {
      const platform = new SharedWorkers(new Map(), [], ['send'], worker);
      const [many, large, other] = [jobOf(1, 100, 90), jobOf(2, 1, 900), { ...jobOf(3, 40, memory), ...owner }];
      await platform.submit(many);
      await platform.run(1);
      await platform.submit(large);
      // Once the worker is kept it holds fewer tasks with each that ends.
      for (let task = 0; task < 60 && (task < 5 || platform.underWay.length >= 7); task += 1) await platform.run(1);
      expect(platform.order).not.toContain(large.id);
      await platform.submit(other);
      await platform.run(30);
      expect(platform.order).toContain(large.id);
      await platform.run(200);
      expect(platform.order).toHaveLength(141);
    }
  });

  test('let those pass that have a slot, while the worker with room for them has none', async () => {
    const platform = new SharedWorkers(new Map(), [], ['send'], { slots: 2, capacity: { memory_mib: 1_000, cpu_cores: 4 } });
    const [first, large, small] = [jobOf(1, 2, 10), jobOf(2, 1, 500), jobOf(3, 4, 10)];
    await platform.submit(first);
    await platform.start();
    expect(platform.underWay).toHaveLength(2);
    platform.parts.roster.introduce(inventoryOf('small', 100), 0);
    await platform.submit(large);
    await platform.submit(small);
    await platform.start();
    expect(platform.underWay.map(({ jobId }) => jobId)).toEqual([
      first.id,
      first.id,
      ...Array.from({ length: 4 }, () => small.id),
    ]);
    await platform.run(10);
    expect(platform.order).toContain(large.id);
  });

  test('that must not be sent ahead have a free slot in the end, though others are sent ahead', async () => {
    const platform = new SharedWorkers(new Map(), [], ['send'], { ...worker, slots: 2 });
    platform.taskUs = 4_000;
    for (let task = 0; task < 50; task += 1) platform.parts.queues.queue('send').pace.record(platform.taskUs, 1);
    const [ahead, unsafe] = [jobOf(1, 256), { ...jobOf(2, 1, 10), safety: 'unsafe' as const }];
    await platform.submit(ahead);
    await platform.start();
    await platform.submit(unsafe);
    await platform.run(80);
    expect(platform.order.slice(0, 200)).toContain(unsafe.id);
  });

  test('that are too large for every worker are told of once, and keep nobody else waiting', async () => {
    const platform = new SharedWorkers(new Map(), [], ['send'], worker);
    const [outsized, other] = [jobOf(1, 1, 2_000), jobOf(2, 5)];
    await platform.submit(outsized);
    await platform.submit(other);
    await platform.run(10);
    expect(platform.order).toEqual(Array.from({ length: 5 }, () => other.id));
    expect(platform.outsized).toEqual([outsized.id]);
  });
});
