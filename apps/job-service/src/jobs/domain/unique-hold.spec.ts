import { expect, test } from '@jest/globals';
import type { JobStatus, Unique } from '@kintsugi/contracts';
import { jobTransitions } from './job-lifecycle.js';
import { holdIn, holdPart, widened } from './unique-hold.js';

function uniqueWhile(...states: Unique['while']): Unique {
  return { key: 'k', while: states, on_conflict: 'reject' };
}

const open = ['scheduled', 'pending', 'running', 'paused', 'recovering'];

test.each<[given: Unique['while'], held: string[]]>([
  [['pending'], open],
  [['running', 'paused'], open],
  [['cancelling'], [...open, 'cancelling']],
  [['completed'], [...open, 'completed']],
  [['failed'], [...open, 'cancelling', 'failed']],
  [
    ['cancelled', 'completed'],
    [...open, 'cancelling', 'completed', 'cancelled'],
  ],
])('a key that is to be held while %p is held while %p', (given, held) => {
  expect(widened(uniqueWhile(...given)).while).toEqual(held);
  expect(widened(widened(uniqueWhile(...given)))).toEqual(widened(uniqueWhile(...given)));
});

test('once its key is free, a job comes to a state that holds it by a rerun alone', () => {
  const { while: held } = widened(uniqueWhile('running'));
  const isHeld = (status: JobStatus): boolean => (held as JobStatus[]).includes(status);
  const returns = Object.entries(jobTransitions).filter(
    ([, { from, to }]) => isHeld(to) && from.some((status) => !isHeld(status)),
  );
  expect(returns.map(([move]) => move)).toEqual(['recover']);
});

test('a key is held by tenant, in the states that say so, and by nobody without one', () => {
  const job = { unique: widened(uniqueWhile('running')), tenant: 'acme' };
  expect(holdIn(job, 'paused')).toBe('acme\tk');
  expect(holdPart(job, 'completed')).toEqual({ unique_hold: null });
  expect(holdPart({ tenant: 'acme' }, 'running')).toEqual({});
});
