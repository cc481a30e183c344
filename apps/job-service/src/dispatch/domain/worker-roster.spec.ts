import { describe, expect, test } from '@jest/globals';
import type { Inventory } from '@kintsugi/contracts';
import { WorkerRoster } from './worker-roster.js';

function inventory(id: string, more: Partial<Inventory> = {}): Inventory {
  return { worker_id: id, host: 'h', pid: 1, slots: 10, lanes: ['send'], draining: false, held: [], running: [], ...more };
}

const limitOf = (slots: number) => slots;

describe('the roster', () => {
  test('picks the worker with the most room that offers the lane and is not draining', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.introduce(inventory('b', { slots: 20 }), 0);
    roster.introduce(inventory('c', { slots: 90, draining: true }), 0);
    roster.introduce(inventory('d', { slots: 90, lanes: ['other'] }), 0);
    expect(roster.pick('send', limitOf)).toMatchObject({ worker: { id: 'b' }, room: 20 });
    roster.addLease('b', { chunkId: 'x', fence: 1, open: 15, company: Infinity, sentAt: 0 }, 0);
    expect(roster.pick('send', limitOf)).toMatchObject({ worker: { id: 'a' }, room: 10 });
  });

  test('gives room back as tasks of a lease settle, and no more than it held', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 4, company: Infinity, sentAt: 0 }, 0);
    roster.settle('a', 'x', 1, 3);
    expect(roster.get('a')?.held).toBe(1);
    roster.settle('a', 'x', 1, 3);
    expect(roster.get('a')?.held).toBe(0);
    expect(roster.leaseOf('a', 'x', 1)).toBeUndefined();
  });

  test('suspects silence first and takes long silence for loss', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 1_000);
    expect(roster.silent(1_700)).toEqual({ suspects: [], lost: [] });
    expect(roster.silent(1_800).suspects).toHaveLength(1);
    expect(roster.silent(3_600).lost).toHaveLength(1);
    roster.beat('a', 3_600);
    expect(roster.silent(3_700)).toEqual({ suspects: [], lost: [] });
  });

  test('does not count silence while it could not hear', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.deafUntil(10_000);
    expect(roster.silent(10_500)).toEqual({ suspects: [], lost: [] });
    expect(roster.silent(12_600).lost).toHaveLength(1);
  });

  test('says whether an inventory offers something new', () => {
    const roster = new WorkerRoster();
    expect(roster.introduce(inventory('a'), 0)).toBe(true);
    expect(roster.introduce(inventory('a'), 1)).toBe(false);
    expect(roster.introduce(inventory('a', { lanes: ['send', 'more'] }), 2)).toBe(true);
  });

  test('expects the holder of a lease it was not introduced to, and gives it no work', () => {
    const roster = new WorkerRoster();
    roster.addLease('ghost', { chunkId: 'x', fence: 1, open: 2, company: Infinity, sentAt: 0 }, 0);
    expect(roster.pick('send', limitOf)).toBeNull();
    expect(roster.remove('ghost')).toEqual([{ chunkId: 'x', fence: 1, open: 2, company: Infinity, sentAt: 0 }]);
  });

  test('gives a worker with suspects no more than the company they allow, until they have ended', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 1, company: 4, sentAt: 0 }, 0);
    roster.addLease('a', { chunkId: 'x', fence: 2, open: 1, company: 16, sentAt: 0 }, 0);
    expect(roster.pick('send', limitOf)?.room).toBe(2);
    roster.settle('a', 'x', 1, 1);
    expect(roster.get('a')?.company).toBe(16);
    roster.settle('a', 'x', 2, 1);
    expect(roster.pick('send', limitOf)?.room).toBe(10);
  });

  test('frees the emptiest worker of a lane for suspects, unless another has some', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    roster.introduce(inventory('b'), 0);
    roster.introduce(inventory('c', { lanes: ['other'] }), 0);
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 4, company: Infinity, sentAt: 0 }, 0);
    roster.addLease('b', { chunkId: 'x', fence: 2, open: 3, company: Infinity, sentAt: 0 }, 0);
    const worker = roster.workerToFree('send');
    expect(worker?.id).toBe('b');
    expect(roster.pick('send', limitOf, new Set(worker ? [worker] : []))?.worker.id).toBe('a');
    roster.addLease('a', { chunkId: 'x', fence: 3, open: 1, company: 16, sentAt: 0 }, 0);
    expect(roster.workerToFree('send')).toBeNull();
  });

  test('leaves the last worker of a lane without suspects to the others, where there are several', () => {
    const roster = new WorkerRoster();
    roster.introduce(inventory('a'), 0);
    expect(roster.lastWithoutSuspects('send')).toBeNull();
    roster.introduce(inventory('b'), 0);
    expect(roster.lastWithoutSuspects('send')).toBeNull();
    roster.addLease('a', { chunkId: 'x', fence: 1, open: 1, company: 16, sentAt: 0 }, 0);
    expect(roster.lastWithoutSuspects('send')?.id).toBe('b');
    roster.settle('a', 'x', 1, 1);
    expect(roster.lastWithoutSuspects('send')).toBeNull();
  });
});
