import { beforeEach, expect, test } from '@jest/globals';
import type { TaskCounts } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { BundledTasks } from './bundled-tasks.js';
import type { WrittenChange } from './chunk-changes.js';
import { bundleOf } from './domain/chunk-sample.js';

const { queue } = bundleOf(1).identity;
let written: (change: WrittenChange) => void;
let conflicted: () => void;
let isIdle: boolean;
let ended: number;
/** What the record refuses to hold on to a moment with. */
let refusal: Error | null;
let told: unknown[];
/** Each lets the record answer one who reads it. */
let answers: (() => void)[];
let bundled: BundledTasks;

beforeEach(() => {
  isIdle = true;
  ended = 0;
  refusal = null;
  told = [];
  answers = [];
  const moment = {
    read: () =>
      new Promise<Map<string, TaskCounts>>((resolve) => {
        answers.push(() => resolve(new Map([[queue, { ready: 10, running: 0, succeeded: 5 }]])));
      }),
    end: async () => {
      ended += 1;
    },
  };
  const totals = { hold: () => (refusal ? Promise.reject(refusal) : Promise.resolve(moment)) };
  const writer = {
    get isIdle() {
      return isIdle;
    },
  };
  const changes = {
    observe: (observer: { written: typeof written; conflicted: typeof conflicted }) => {
      ({ written, conflicted } = observer);
    },
  };
  const faults = new Faults((error) => told.push(error), 'test');
  bundled = new BundledTasks(totals, writer as never, changes as never, faults);
});

async function answer(): Promise<void> {
  answers.shift()?.();
  await new Promise(setImmediate);
}

function change(known: TaskCounts, counts: TaskCounts): WrittenChange {
  return { chunk: bundleOf(1), known: { counts: known }, sums: { counts } } as never;
}

test('what is written while the record is read counts beside what that held before', async () => {
  await bundled.start();
  written(change({}, { ready: 4 }));
  await answer();
  written(change({ ready: 4 }, { ready: 1, leased: 2, succeeded: 1 }));
  expect(bundled.open.get(queue)).toEqual({ ready: 11, leased: 2 });
  expect(ended).toBe(1);
});

test('a moment in which something is written is none to count from', async () => {
  const counting = bundled.recount();
  written(change({}, { ready: 4 }));
  await counting;
  isIdle = false;
  await bundled.recount();
  expect(bundled.open.get(queue)).toEqual({ ready: 4 });
  expect(ended).toBe(1);
});

test('a queue whose tasks are all over is left out', async () => {
  written(change({}, { ready: 2 }));
  written(change({ ready: 2 }, { succeeded: 1, dead: 1 }));
  expect(bundled.open.size).toBe(0);
});

test('one count at a time: what turns out to be off while the record is read is counted again behind that', async () => {
  await bundled.start();
  conflicted();
  const again = bundled.recount();
  await new Promise(setImmediate);
  written(change({}, { ready: 4 }));
  await answer();
  written(change({ ready: 4 }, { ready: 5 }));
  await answer();
  await again;
  expect(bundled.open.get(queue)).toEqual({ ready: 15 });
  const last = bundled.recount();
  await new Promise(setImmediate);
  await answer();
  await last;
  expect(bundled.open.get(queue)).toEqual({ ready: 10 });
  expect(ended).toBe(2);
});

test('a record that refuses to count holds nobody up, and is asked again', async () => {
  refusal = new Error('Unable to read from a snapshot due to pending collection catalog changes');
  await bundled.start();
  await bundled.recount();
  expect(told).toEqual([refusal, refusal]);
  refusal = null;
  const counting = bundled.recount();
  await new Promise(setImmediate);
  await answer();
  await counting;
  expect(bundled.open.get(queue)).toEqual({ ready: 10 });
});

test('a start waits for a record that is away', async () => {
  refusal = Object.assign(new Error('connect ECONNREFUSED'), { name: 'MongoNetworkError' });
  await expect(bundled.start()).rejects.toBe(refusal);
});
