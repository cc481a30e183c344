import { describe, expect, test } from '@jest/globals';
import type { Inventory } from '@kintsugi/contracts';
import { WorkerRoster } from './worker-roster.js';

function inventory(id: string, more: Partial<Inventory> = {}): Inventory {
  return { worker_id: id, host: 'h', pid: 1, slots: 10, queues: ['send'], draining: false, held: [], running: [], ...more };
}

const limitOf = (slots: number) => slots;

describe('the roster', () => {
  test('picks the worker with the most room that offers the queue and is not draining', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.introduce(inventory('b', { slots: 20 }), 0);
    roster.introduce(inventory('c', { slots: 30, draining: true }), 0);
    roster.introduce(inventory('d', { slots: 30, queues: ['other'] }), 0);
    expect(roster.pick('send', limitOf)).toMatchObject({ worker: { id: 'b' }, room: 20 });
    roster.addLease('b', { chunkId: 'x', fence: 1, open: 15, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
    expect(roster.pick('send', limitOf)).toMatchObject({ worker: { id: 'a' }, room: 10 });
  });

  test('gives room back as tasks of a lease settle, and no more than it held', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 4, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
    roster.settle('a', 'x', 1, 3);
    expect(roster.get('a')?.held).toBe(1);
    roster.settle('a', 'x', 1, 3);
    expect(roster.get('a')?.held).toBe(0);
    expect(roster.leaseOf('a', 'x', 1)).toBeUndefined();
  });

  test('suspects silence first and takes long silence for loss', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 1_000);
    expect(roster.silent(1_700, 0)).toEqual({ suspects: [], lost: [] });
    expect(roster.silent(1_800, 0).suspects).toHaveLength(1);
    expect(roster.silent(3_600, 0).lost).toHaveLength(1);
    roster.beat('a', 3_600);
    expect(roster.silent(3_700, 0)).toEqual({ suspects: [], lost: [] });
  });

  test('gives who was not heard since the broker was away time to come back', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.introduce(inventory('b'), 0);
    roster.beat('b', 10_100);
    expect(roster.silent(13_700, 10_000)).toMatchObject({ suspects: [], lost: [{ id: 'b' }] });
    expect(roster.silent(13_800, 10_000)).toMatchObject({ suspects: [{ id: 'a' }], lost: [{ id: 'b' }] });
    expect(roster.silent(15_600, 10_000).lost).toHaveLength(2);
  });

  test('knows that nobody offers a queue, unless it may not have heard of everybody', () => {
    const roster = new WorkerRoster();
    expect(roster.isUnserved('send', 4_999, 2_000)).toBe(false);
    expect(roster.isUnserved('send', 5_000, 2_000)).toBe(true);
    roster.introduce(inventory('a'), 5_000);
    expect(roster.isUnserved('send', 5_000, 2_000)).toBe(false);
    expect(roster.isUnserved('plan:send', 5_000, 2_000)).toBe(true);
    roster.introduce(inventory('a', { draining: true }), 5_100);
    expect(roster.isUnserved('send', 5_100, 2_000)).toBe(true);
  });

  test('says whether an inventory offers something new', () => {
    const roster = new WorkerRoster();
    expect(roster.introduce(inventory('a'), 0)).toBe(true);
    expect(roster.introduce(inventory('a'), 1)).toBe(false);
    expect(roster.introduce(inventory('a', { queues: ['send', 'more'] }), 2)).toBe(true);
  });

  test('expects the holder of a lease it was not introduced to, and gives it no work', () => {
    const roster = new WorkerRoster();
    roster.addLease('ghost', { chunkId: 'x', fence: 1, open: 2, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
    expect(roster.pick('send', limitOf)).toBeNull();
    expect(roster.remove('ghost')).toEqual([{ chunkId: 'x', fence: 1, open: 2, isolation: Infinity, priority: 5, sentAt: 0 }]);
  });

  test('gives a worker with suspects no more tasks than their isolation allows, until they have ended', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 1, isolation: 4, priority: 5, sentAt: 0 }, 0);
    roster.addLease('a', { chunkId: 'x', fence: 2, open: 1, isolation: 16, priority: 5, sentAt: 0 }, 0);
    expect(roster.pick('send', limitOf)?.room).toBe(2);
    roster.settle('a', 'x', 1, 1);
    expect(roster.get('a')?.isolation).toBe(16);
    roster.settle('a', 'x', 2, 1);
    expect(roster.pick('send', limitOf)?.room).toBe(10);
  });

  test('frees the emptiest worker of a queue for suspects, unless another has some', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.introduce(inventory('b'), 0);
    roster.introduce(inventory('c', { queues: ['other'] }), 0);
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 4, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
    roster.addLease('b', { chunkId: 'x', fence: 2, open: 3, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
    const worker = roster.workerToFree('send');
    expect(worker?.id).toBe('b');
    expect(roster.pick('send', limitOf, new Set(worker ? [worker] : []))?.worker.id).toBe('a');
    roster.addLease('a', { chunkId: 'x', fence: 3, open: 1, isolation: 16, priority: 5, sentAt: 0 }, 0);
    expect(roster.workerToFree('send')).toBeNull();
  });

  test('leaves the last worker of a queue without suspects to the others, where there are several', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    expect(roster.lastWithoutSuspects('send')).toBeNull();
    roster.introduce(inventory('b'), 0);
    expect(roster.lastWithoutSuspects('send')).toBeNull();
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 1, isolation: 16, priority: 5, sentAt: 0 }, 0);
    expect(roster.lastWithoutSuspects('send')?.id).toBe('b');
    roster.settle('a', 'x', 1, 1);
    expect(roster.lastWithoutSuspects('send')).toBeNull();
  });

  test('offers queues for as long as somebody does who is not draining', () => {
    const roster = new WorkerRoster();
    const offered = () => [...roster.offeredQueues].map(([queue, workers]) => `${queue} ${workers.size}`);
    roster.introduce(inventory('a', { queues: ['send', 'more'] }), 0);
    roster.introduce(inventory('b'), 0);
    expect(offered()).toEqual(['send 2', 'more 1']);
    roster.introduce(inventory('a', { draining: true }), 0);
    expect(offered()).toEqual(['send 1']);
    roster.remove('b');
    expect(offered()).toEqual([]);
    roster.introduce(inventory('a'), 0);
    expect(offered()).toEqual(['send 1']);
  });
});

describe('what anybody can introduce', () => {
  const limits = { workers: 3, queues: 10 };
  const lease = (fence: number, open: number) => ({ chunkId: 'x', fence, open, isolation: Infinity, priority: 5, sentAt: 0 });

  test('drives out neither who holds a lease nor who has shown one, and is bounded', () => {
    const roster = new WorkerRoster(limits);
    roster.introduce(inventory('holds'), 0);
    roster.addLease('holds', lease(1, 1), 0);
    roster.introduce(inventory('showed'), 0);
    roster.prove('showed');
    for (let forged = 0; forged < 100; forged += 1) roster.introduce(inventory(`forged ${forged}`), forged);
    expect([...roster.all].map(({ id }) => id)).toEqual(['holds', 'showed', 'forged 99']);
    roster.prove('forged 99');
    expect(roster.introduce(inventory('one more'), 100)).toBeNull();
  });

  test('offers no more queues than there is room for', () => {
    const roster = new WorkerRoster(limits);
    const queues = (count: number, of: string) => Array.from({ length: count }, (_, queue) => `${of} ${queue}`);
    roster.introduce(inventory('a', { queues: queues(6, 'a') }), 0);
    expect(roster.introduce(inventory('b', { queues: queues(11, 'b') }), 0)).toBeNull();
    roster.introduce(inventory('c', { queues: queues(6, 'c') }), 0);
    expect([...roster.offeredQueues.keys()]).toEqual(queues(6, 'c'));
    expect(roster.introduce(inventory('c', { queues: queues(10, 'd') }), 0)).toBe(true);
    expect([...roster.offeredQueues.keys()]).toEqual(queues(10, 'd'));
  });

  test('gets little until it shows a lease, and all of the like together no more than a bound', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('new', { slots: 10_000 }), 0);
    expect(roster.pick('send', limitOf)?.room).toBe(128);
    roster.addLease('new', lease(1, 120), 0);
    expect(roster.pick('send', limitOf)?.room).toBe(8);
    roster.prove('new');
    expect(roster.pick('send', limitOf)?.room).toBe(9_880);
    roster.introduce(inventory('new', { draining: true }), 0);
    for (let forged = 0; forged < 200; forged += 1) roster.introduce(inventory(`forged ${forged}`, { slots: 10_000 }), 0);
    let given = 0;
    for (let next = roster.pick('send', limitOf); next; next = roster.pick('send', limitOf)) {
      given += next.room;
      roster.addLease(next.worker.id, lease(given, next.room), 0);
    }
    expect(given).toBe(1_024);
    roster.remove('forged 0');
    expect(roster.pick('send', limitOf)?.room).toBe(128);
  });
});
