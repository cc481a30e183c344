import { expect, test } from '@jest/globals';
import { inventorySchema, jsonBytes, type WorkHeader } from '@kintsugi/contracts';
import { HeldLease } from './held-lease.js';
import { longRuns } from './long-runs.js';
import { TaskRun } from './task-context.js';

const now = 1_700_000_000_000;

/** The only task of a lease of its own, under way for 5 s. */
function running(fence: number): HeldLease {
  const chunk_id = `01890a5d-ac96-774b-bcce-b302099a8057.${fence % 4_000}`;
  const header: WorkHeader = {
    v: 1,
    chunk_id,
    job_id: 'job',
    fence,
    queue: 'send',
    safety: 'idempotent',
    indexes: [7],
    attempts: [1],
  };
  const lease = new HeldLease(header, now);
  const run = new TaskRun({ id: 'task', key: null, job_id: 'job', type: 'send', payload: null }, 1);
  run.progress(1 / 3);
  run.phase('x'.repeat(99));
  lease.running.set(7, { run, startedAt: now - 5_000 });
  return lease;
}

test('a worker with 10,000 slots tells of all that it runs, in inventories that each fit into a message', () => {
  const leases = Array.from({ length: 10_000 }, (_, fence) => running(1_000_000 + fence));
  const told = new Set<number>();
  for (let turn = 0; turn < 5; turn += 1) {
    const held = leases.map(({ header }) => [header.chunk_id, header.fence]);
    const about = { worker_id: 'w', host: 'h', pid: 1, slots: 10_000, queues: ['send'], draining: false };
    const inventory = { ...about, held, running: longRuns(leases, now, turn) };
    expect(inventorySchema.safeParse(inventory).error).toBeUndefined();
    expect(jsonBytes(inventory)).toBeLessThan(900 * 1024);
    for (const [, fence] of inventory.running) told.add(fence);
  }
  expect(told.size).toBe(10_000);
});

test('what has only just begun is not told of', () => {
  expect(longRuns([running(1)], now - 4_500, 0)).toEqual([]);
  expect(longRuns([running(1)], now, 3)).toEqual([
    ['01890a5d-ac96-774b-bcce-b302099a8057.1', 1, [[7, now - 5_000, 1 / 3, 'x'.repeat(64)]]],
  ]);
});

test.each([
  ['rendering', 'rendering'],
  ['  of\ntwo lines ', 'of two lines'],
  ['é'.repeat(64), 'é'.repeat(32)],
  ['   ', null],
])('the phase %j is told as %j', (name, told) => {
  const run = new TaskRun({ id: 'task', key: null, job_id: 'job', type: 'send', payload: null }, 1);
  run.phase(name);
  expect(run.named).toBe(told);
});
