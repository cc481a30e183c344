import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ProblemError, serviceActor } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import type { MeteredShares } from '../../shares/metered-shares.js';
import type { TopicFeed } from '../nats/topic-feed.js';
import { FollowTopics } from './follow-topics.js';

const outlet = {
  ...{ send: () => true, isFull: false, drained: () => Promise.resolve(), stalledMs: () => 0 },
  ...{ end: () => undefined, cut: () => undefined },
};

let reads: number;
let following: FollowTopics;

beforeEach(() => {
  jest.useFakeTimers();
  reads = 0;
  const ask = (): Promise<never> => {
    reads += 1;
    return Promise.reject(new ProblemError('SERVICE_UNAVAILABLE', 'It is away.'));
  };
  const backend = { ask } as unknown as Backend;
  const shares = { take: () => ({ release: () => undefined }), countSlow: () => undefined } as unknown as MeteredShares;
  const feed = { leave: () => undefined, close: () => undefined, join: () => Promise.resolve() } as unknown as TopicFeed;
  following = new FollowTopics(backend, feed, shares, { heartbeatIntervalMs: 15_000, stallTimeoutMs: 30_000 });
  // Whether they are there is another matter.
  following.check = () => Promise.resolve();
});

afterEach(() => {
  following.close();
  jest.useRealTimers();
});

/** A stream of fifty jobs, of which no other stream hears. */
function stream(number: number, callerName: string) {
  const topics = Array.from({ length: 50 }, (_, at) => ({ kind: 'job' as const, jobId: `job_${callerName}.${number}.${at}` }));
  const origin = { actor: serviceActor('test'), requestId: 'r' };
  return following.execute(
    { ...{ topics, intervalMs: 500, lastSeen: null, callerName, isStillAdmitted: async () => true, origin } },
    outlet,
  );
}

test('one caller hears of so much and no more, over all of its connections, and that takes nothing from others', async () => {
  const open = [];
  for (let number = 0; number < 20; number += 1) open.push(await stream(number, 'one'));
  await expect(stream(20, 'one')).rejects.toMatchObject({ code: 'OVERLOADED' });
  await stream(0, 'another');
  open[0]?.finish('end');
  await stream(21, 'one');
  await expect(stream(22, 'one')).rejects.toMatchObject({ code: 'OVERLOADED' });
});

test('whoever hears of much has each of it read less often', async () => {
  for (let number = 0; number < 20; number += 1) await stream(number, 'one');
  await jest.advanceTimersByTimeAsync(10_000);
  const ofOne = reads;
  // Each at once, and then 500 a second together.
  expect(ofOne).toBeGreaterThan(3_000);
  expect(ofOne).toBeLessThanOrEqual(1_000 + 10 * 500);
  await stream(0, 'another');
  reads = 0;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(reads).toBeGreaterThanOrEqual(5 * 500 + 19 * 50);
});
