import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Acts } from '@kintsugi/hosting';
import type { Bus } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import { stillnessSample } from '../stillness-sample.js';
import type { Stillness } from '../stillness.js';
import { MovementNotices } from './movement-notices.js';

let stillness: Stillness;
let acts: Acts;
let notices: MovementNotices;
let told: number;
let hear: () => void;
let change: (state: 'up' | 'down') => void;

beforeEach(async () => {
  jest.useFakeTimers();
  told = 0;
  const bus = {
    state: 'up',
    publish: () => (told += 1),
    subscribe: (_subject: string, onMessage: () => void) => (hear = onMessage),
    onState: (listener: typeof change) => {
      change = (state) => {
        bus.state = state;
        listener(state);
      };
    },
  };
  stillness = stillnessSample(30);
  acts = new Acts({ info: () => undefined } as unknown as Logger);
  notices = new MovementNotices(bus as unknown as Bus, stillness, acts);
  notices.onApplicationBootstrap();
  await jest.advanceTimersByTimeAsync(61_000);
});

afterEach(() => {
  jest.useRealTimers();
});

test('all replicas are told of what came in and of what was asked for, and not again within a moment', async () => {
  notices.tell();
  notices.tell();
  expect([told, stillness.isStill]).toEqual([1, false]);
  await jest.advanceTimersByTimeAsync(61_000);
  acts.note({ action: 'recoverGroup', data: {}, actor: undefined, requestId: undefined } as never);
  expect(told).toBe(2);
});

test('what another replica tells ends the stillness here', () => {
  hear();
  expect([told, stillness.isStill]).toEqual([0, false]);
});

test('who comes back to the broker does not know what came in meanwhile', () => {
  change('down');
  expect(stillness.isStill).toBe(true);
  change('up');
  expect(stillness.isStill).toBe(false);
});
