import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Faults } from '@kintsugi/hosting';
import type { EventPublisher } from '@kintsugi/messaging';
import { OutboxRelay, type PromisedEvent } from './outbox-relay.js';

const event: PromisedEvent = {
  ...{ id: 'evt_1', name: 'job.started', at: 0, about: 'job_1' },
  owner: { kind: 'job', id: 'job_1' },
  data: () => ({ jobs: [{ job_id: 'job_1', started_at: '' }] }),
};

let tries: number;
let cleared: string[];
let refuses: boolean;
let relay: OutboxRelay;

beforeEach(() => {
  jest.useFakeTimers();
  [tries, cleared, refuses] = [0, [], true];
  const publish = async (): Promise<void> => {
    tries += 1;
    if (refuses) throw new Error('The broker is away.');
  };
  const clear = async (_: readonly string[], ids: readonly string[]): Promise<void> => void cleared.push(...ids);
  relay = new OutboxRelay({ publish } as unknown as EventPublisher, new Faults(() => undefined, 'test'));
  relay.clearWith('job', clear);
  relay.start();
});

afterEach(async () => {
  await relay.stop();
  jest.useRealTimers();
});

test('an event is published until the broker has taken it, and then its promise is removed', async () => {
  relay.publish(event);
  await jest.advanceTimersByTimeAsync(1_200);
  expect([tries, cleared]).toEqual([3, []]);
  refuses = false;
  await jest.advanceTimersByTimeAsync(1_000);
  expect([tries, cleared, relay.size]).toEqual([4, ['evt_1'], 0]);
});

test('an event leaves after the answers and the work that follow from the same write', async () => {
  relay.publish(event);
  expect(tries).toBe(0);
  await jest.advanceTimersByTimeAsync(1);
  expect(tries).toBe(1);
});

test('nothing wakes a relay that has published nothing', async () => {
  expect(jest.getTimerCount()).toBe(0);
  refuses = false;
  relay.publish(event);
  await jest.advanceTimersByTimeAsync(1_000);
  expect([cleared, jest.getTimerCount()]).toEqual([['evt_1'], 0]);
});

test('a relay that was stopped leaves what the broker did not take to the next one', async () => {
  relay.publish(event);
  await jest.advanceTimersByTimeAsync(100);
  await relay.stop();
  refuses = false;
  await jest.advanceTimersByTimeAsync(2_000);
  expect([tries, cleared]).toEqual([1, []]);
});
