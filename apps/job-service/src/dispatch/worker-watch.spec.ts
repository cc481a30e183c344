import { beforeEach, describe, expect, test } from '@jest/globals';
import { subjects, type Inventory, type WorkerControl } from '@kintsugi/contracts';
import type { Effect } from '../tasks/chunk-writer.js';
import { acceptedAt, chunkOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import type { WorkerRoster } from './domain/worker-roster.js';
import { dispatchParts } from './simulation/dispatch-parts.js';
import type { WorkerWatch } from './worker-watch.js';

let hearing: { now: number; hearsSince: number; onHeard: (listener: () => void) => void };
let look: () => void;
let roster: WorkerRoster;
/** How the broker answers when it is asked about a name. */
let answer: (isThere: boolean) => void;
let asked: string[];
let counted: string[];
let watch: WorkerWatch;

beforeEach(() => {
  hearing = { now: 0, hearsSince: -1, onHeard: (listener) => (look = listener) };
  asked = [];
  counted = [];
  const ask = (id: string): Promise<boolean> => {
    asked.push(id);
    return new Promise((resolve) => (answer = resolve));
  };
  ({ watch, roster } = dispatchParts({
    hearing,
    sender: { control: () => undefined, isConnected: ask, answers: ask },
    metrics: { count: (name, { reason = '' } = {}) => void counted.push(`${name} ${reason}`.trim()) },
  }));
  watch.start();
});

function inventory(id: string, more: Partial<Inventory> = {}): Inventory {
  return { worker_id: id, host: 'h', pid: 1, slots: 10, queues: ['send'], draining: false, held: [], running: [], ...more };
}

function hear(now: number): void {
  hearing.now = now;
  look();
}

describe('a worker that falls silent', () => {
  beforeEach(() => void roster.introduce(inventory('a'), 0));

  test('is lost at once when the broker has no connection of it', async () => {
    hear(800);
    answer(false);
    await new Promise(setImmediate);
    expect(counted).toEqual(['kintsugi_workers_lost_total']);
  });

  test('is kept while the broker has one, until it was silent for long', async () => {
    hear(800);
    answer(true);
    await Promise.resolve();
    expect(roster.get('a')).toBeDefined();
    hear(2_600);
    expect(roster.get('a')).toBeUndefined();
  });

  test('is kept when it was heard while the broker was being asked', async () => {
    hear(800);
    watch.beat('a');
    hearing.now = 900;
    watch.beat('a');
    answer(false);
    await new Promise(setImmediate);
    expect(roster.get('a')).toBeDefined();
  });

  test('is not judged before the hearing clock goes on, however late it is', () => {
    hearing.now = 60_000;
    expect(asked).toEqual([]);
    watch.beat('a');
    look();
    expect(roster.get('a')).toBeDefined();
    expect(asked).toEqual([]);
  });
});

describe('a new name', () => {
  test('is taken in once it answers, with the newest that it said', async () => {
    const met = watch.takeInventory(inventory('new'));
    await watch.takeInventory(inventory('new', { draining: true }));
    expect(roster.get('new')).toBeUndefined();
    answer(true);
    await met;
    expect(roster.get('new')).toMatchObject({ draining: true });
    expect(asked).toEqual(['new']);
  });

  test('that does not answer is refused and counted', async () => {
    const met = watch.takeInventory(inventory('forged'));
    answer(false);
    await met;
    expect(roster.get('forged')).toBeUndefined();
    expect(counted).toEqual(['kintsugi_worker_introductions_refused_total no_answer']);
  });

  test('one of very many waits for its turn: the broker is asked about so many at once', async () => {
    const met = Array.from({ length: 20_000 }, (_, forged) => watch.takeInventory(inventory(`forged ${forged}`)));
    await Promise.race(met);
    expect(asked.length).toBeLessThan(200);
    expect(counted.length).toBe(20_000 - asked.length);
    expect([...roster.all]).toEqual([]);
  });
});

test('a worker taken for lost is told to drop its leases once the loss is written, and not where that is void', () => {
  const told: WorkerControl[] = [];
  const written: Effect[] = [];
  const chunk = chunkOf(2);
  const parts = dispatchParts({
    hearing,
    sender: { control: (_worker, control) => void told.push(control), isConnected: () => new Promise(() => undefined) },
    writer: { save: (_chunk, effect) => void written.push(effect ?? (() => undefined)), isBusy: () => true },
  });
  parts.live.add(chunk);
  parts.watch.start();
  for (const [index, worker] of ['a', 'b'].entries()) {
    parts.roster.introduce(inventory(worker), 0);
    parts.book.give(chunk, leaseTasks(chunk, [index], worker, 0).lease, Infinity);
  }
  hear(10_000);
  expect([parts.roster.get('a'), chunk.count('ready'), told]).toEqual([undefined, 2, []]);
  written[0]?.(new Error('void'));
  written[1]?.(null);
  expect(told).toEqual([{ kind: 'revoke', leases: [[chunk.id, 2]] }]);
});

test.each([
  ['less than its time and the grace', 8_000, 'running'],
  ['longer', 10_000, 'failed'],
])('a task that is told to run for %s is %s', async (_, ranMs, state) => {
  const { identity, state: tasks, lines } = chunkOf(1);
  const chunk = new Chunk({ ...identity, timeoutS: 4 }, tasks, lines);
  const parts = dispatchParts({
    hearing,
    now: acceptedAt + ranMs,
    sender: { control: () => undefined, answers: () => Promise.resolve(true) },
    writer: { save: () => undefined, isBusy: () => true },
  });
  parts.live.add(chunk);
  parts.roster.introduce(inventory('a'), 0);
  const { lease } = leaseTasks(chunk, [0], 'a', acceptedAt);
  parts.book.give(chunk, lease, Infinity);
  const runs: Inventory['running'] = [[chunk.id, lease.fence, [[0, acceptedAt, null]]]];
  await parts.watch.takeInventory(inventory('a', { held: [[chunk.id, lease.fence]], running: runs }));
  expect(chunk.stateOf(0)).toBe(state);
});

test('a worker all of whose slots are held by what should have stopped is given nothing', () => {
  roster.introduce(inventory('a', { slots: 0 }), 0);
  expect(roster.pick('send', () => 16)).toBeNull();
  roster.introduce(inventory('a', { slots: 1 }), 0);
  expect(roster.pick('send', () => 16)).not.toBeNull();
});

describe('a worker that beats', () => {
  let published: string[];
  let parts: ReturnType<typeof dispatchParts>;

  function beatAt(now: number): string[] {
    published = [];
    hearing.now = now;
    parts.watch.beat('a');
    return published;
  }

  beforeEach(() => {
    parts = dispatchParts({ hearing, bus: { state: 'up', publish: (subject) => void published.push(subject) } });
  });

  test('and is not known is asked what it is, once a second', () => {
    expect(beatAt(0)).toEqual([subjects.rollCall]);
    expect(beatAt(500)).toEqual([]);
    expect(beatAt(1_000)).toEqual([subjects.rollCall]);
  });

  test('is asked what it holds where it has not said so since it was given something, and nothing while it holds nothing', () => {
    parts.roster.introduce(inventory('a'), 0);
    expect(beatAt(10_000)).toEqual([]);
    parts.roster.introduce(inventory('a'), 10_000);
    const lease = { ...{ chunkId: 'c', fence: 1, open: 1, isolation: Infinity, priority: 5 }, sentAt: 10_100 };
    parts.roster.addLease('a', lease, 10_100);
    expect(beatAt(11_000)).toEqual([]);
    expect(beatAt(12_000)).toEqual([subjects.rollCall]);
  });

  test('is not asked as soon as it was given something, however long ago it said what it holds', () => {
    parts.roster.introduce(inventory('a'), 0);
    const lease = { ...{ chunkId: 'c', fence: 1, open: 1, isolation: Infinity, priority: 5 }, sentAt: 9_900 };
    parts.roster.addLease('a', lease, 9_900);
    expect(beatAt(10_000)).toEqual([]);
    expect(beatAt(11_500)).toEqual([subjects.rollCall]);
  });
});
