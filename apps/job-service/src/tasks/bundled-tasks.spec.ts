import { beforeEach, expect, test } from '@jest/globals';
import type { TaskCounts } from '@kintsugi/contracts';
import { BundledTasks } from './bundled-tasks.js';
import type { WrittenChange } from './chunk-changes.js';
import { bundleOf } from './domain/chunk-sample.js';

const { queue } = bundleOf(1).identity;
let written: (change: WrittenChange) => void;
let isIdle: boolean;
let ended: number;
/** Lets the record answer. */
let answer: () => void;
let bundled: BundledTasks;

beforeEach(() => {
  isIdle = true;
  ended = 0;
  const totals = {
    hold: () =>
      Promise.resolve({
        read: () =>
          new Promise<Map<string, TaskCounts>>((resolve) => {
            answer = () => resolve(new Map([[queue, { ready: 10, running: 0, succeeded: 5 }]]));
          }),
        end: async () => {
          ended += 1;
        },
      }),
  };
  const writer = {
    get isIdle() {
      return isIdle;
    },
  };
  const changes = {
    observe: (observer: { written: typeof written }) => {
      written = observer.written;
    },
  };
  bundled = new BundledTasks(totals, writer as never, changes as never);
});

function change(known: TaskCounts, counts: TaskCounts): WrittenChange {
  return { chunk: bundleOf(1), known: { counts: known }, sums: { counts } } as never;
}

test('what is written while the record is read counts beside what that held before', async () => {
  await bundled.start();
  written(change({}, { ready: 4 }));
  answer();
  await new Promise(setImmediate);
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
