import { beforeEach, expect, test } from '@jest/globals';
import type { Inventory } from '@kintsugi/contracts';
import { WorkerRoster } from '../dispatch/domain/worker-roster.js';
import type { ReadyQueues } from '../dispatch/ready-queues.js';
import type { UnservedQueues } from '../dispatch/unserved-queues.js';
import { FullRooms } from './full-rooms.js';

let roster: WorkerRoster;
let rooms: FullRooms;

beforeEach(() => {
  roster = new WorkerRoster();
  const queues = { known: () => undefined } as unknown as ReadyQueues;
  rooms = new FullRooms(roster, queues, { has: () => true } as unknown as UnservedQueues);
});

function introduce(given: Partial<Inventory> = {}): void {
  roster.introduce(
    { worker_id: 'w', host: 'h', pid: 1, slots: 2, queues: ['send'], draining: false, held: [], running: [], ...given },
    0,
  );
}

function hold(open: number): void {
  roster.addLease('w', { chunkId: `c${open}`, fence: 1, open, isolation: Infinity, priority: 5, sentAt: 0 }, 0);
}

test('there is room where a worker holds less than it may, and none where nobody offers the type', () => {
  expect(rooms.of('send', null, 'idempotent')).toMatchObject({ isOffered: false, workers: [] });
  introduce();
  hold(1);
  expect(rooms.of('send', null, 'idempotent')).toBeNull();
});

test('so much has to come free as leaves room for one more', () => {
  introduce();
  hold(2);
  const workers = [{ workerId: 'w', shortages: [{ of: 'tasks', amount: 1 }] }];
  expect(rooms.of('send', null, 'idempotent')).toMatchObject({ isOffered: true, workers });
});

test('nothing is said to be short at a worker all of whose slots are with handlers that should have stopped', () => {
  introduce({ slots: 0 });
  hold(2);
  expect(rooms.of('send', null, 'idempotent')).toMatchObject({ isOffered: true, workers: [{ workerId: 'w', shortages: [] }] });
});
