import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenTaskStates } from '@kintsugi/contracts';
import { chunkDocument, chunkFrom } from '../mongo/chunk-document.js';
import { bundledJobStatus } from './bundled-job-status.js';
import { bundleOf, chunkOf, reportOf } from './chunk-sample.js';
import type { Chunk } from './chunk.js';
import { leaseTasks } from './lease-tasks.js';
import { loseLease } from './lose-lease.js';
import { askBack, pauseBundledJob, resumeBundledJob } from './pause-moves.js';
import { recordOutcome } from './record-outcome.js';
import { discardTask, cancelTasks, deferTask, retryTask, requeueTask } from './recovery-moves.js';

const now = 1_700_000_010_000;
const ann = { by: 'ann' };

/** As it stands after it was written and read again. */
function readAgain(chunk: Chunk): Chunk {
  const extras = structuredClone(chunk.state.extras);
  return chunkFrom({ ...chunkDocument(chunk.takeChange(), 1), extras });
}

function stopped(chunk: Chunk, index: number): Parameters<typeof recordOutcome>[1] {
  const [lease] = chunk.state.leases;
  const report = reportOf(lease!, {});
  const failure = { index, started: 0, took_us: 1_000, error_type: 'error.aborted', error_message: '', cancelled: true };
  return { ...report, failed: [failure] };
}

describe('a paused job in a bundle', () => {
  test('has no task that could be given to a worker, and its neighbours have theirs', () => {
    const chunk = bundleOf(3);
    expect(pauseBundledJob(chunk, 1, ann, now)).toBe(true);
    for (const one of [chunk, readAgain(chunk)]) {
      expect(one.readyIndexes(10, 1e6)).toEqual([0, 2]);
      expect(one.count('ready')).toBe(2);
      expect([one.stateOf(1), one.open]).toEqual(['ready', 3]);
      expect([0, 1, 2].map((index) => bundledJobStatus(one, index))).toEqual(['pending', 'paused', 'pending']);
    }
    expect(chunkDocument(bundleOf(1).takeChange(), 1).ready).toBe(1);
  });

  test('waits on also when another try is due, and goes on when it is resumed', () => {
    const chunk = bundleOf(1);
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    pauseBundledJob(chunk, 0, ann, now);
    recordOutcome(chunk, reportOf(lease, { failed: [0] }), now);
    retryTask(chunk, 0, 1);
    expect([chunk.count('ready'), bundledJobStatus(chunk, 0)]).toEqual([0, 'paused']);
    expect(resumeBundledJob(chunk, 0, ann, now)).toBe(true);
    expect([chunk.count('ready'), bundledJobStatus(chunk, 0)]).toEqual([1, 'running']);
  });

  test('says who paused it and who let it go on, as it was then', () => {
    const chunk = bundleOf(1);
    pauseBundledJob(chunk, 0, { by: 'ann', stop: true }, now);
    resumeBundledJob(chunk, 0, { by: 'bob' }, now);
    expect(chunk.promised.map(({ name, asked }) => [name, asked])).toEqual([
      ['job.paused', { by: 'ann', status: 'paused', stopped: true }],
      ['job.resumed', { by: 'bob', status: 'pending', stopped: false }],
    ]);
  });

  test('ends where its task ends meanwhile, and is not paused when it runs again', () => {
    const chunk = bundleOf(1);
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    pauseBundledJob(chunk, 0, ann, now);
    recordOutcome(chunk, reportOf(lease, { failed: [0] }), now);
    discardTask(chunk, 0, 1, now);
    expect(bundledJobStatus(chunk, 0)).toBe('failed');
    expect(pauseBundledJob(chunk, 0, ann, now)).toBe(false);
    requeueTask(chunk, 0, 1, undefined, now);
    expect([chunk.count('ready'), bundledJobStatus(chunk, 0)]).toEqual([1, 'running']);
  });
});

describe('a task that is asked back', () => {
  test.each([
    ['of a bundle', bundleOf],
    ['of a job with chunks of its own', chunkOf],
  ])('%s comes back as if it had not run', (_, make) => {
    const chunk = make(2);
    leaseTasks(chunk, [0, 1], 'w', now);
    expect(askBack(chunk, [0])).toEqual([0]);
    recordOutcome(chunk, stopped(chunk, 0), now);
    expect([chunk.stateOf(0), chunk.state.attempts[0], chunk.state.failures[0]]).toEqual(['ready', 0, 0]);
    expect(chunk.state.extras.stop).toEqual({});
    expect(chunk.promised).toEqual([]);
  });

  test('ends as it ends where that came first', () => {
    const chunk = chunkOf(2);
    const { lease } = leaseTasks(chunk, [0, 1], 'w', now);
    askBack(chunk, [0, 1]);
    recordOutcome(chunk, reportOf(lease, { done: [0], failed: [1] }), now);
    expect([chunk.stateOf(0), chunk.stateOf(1), chunk.state.extras.stop]).toEqual(['succeeded', 'failed', {}]);
  });

  test('is cancelled where the job is cancelled before it comes back', () => {
    const chunk = bundleOf(1);
    leaseTasks(chunk, [0], 'w', now);
    askBack(chunk, [0]);
    cancelTasks(chunk, [0], now);
    recordOutcome(chunk, stopped(chunk, 0), now);
    expect(chunk.stateOf(0)).toBe('cancelled');
  });

  test('of the unsafe ones, only what its worker has not started comes back', () => {
    const chunk = chunkOf(2, 'unsafe');
    const { lease } = leaseTasks(chunk, [0, 1], 'w', now);
    expect(askBack(chunk, [0, 1])).toEqual([0, 1]);
    recordOutcome(chunk, reportOf(lease, { returned: [1] }), now);
    expect([chunk.stateOf(0), chunk.stateOf(1)]).toEqual(['leased', 'ready']);
  });
});

test('whatever happens, a paused job is given to nobody, and what counts as ready is what may be given', () => {
  const steps: ((chunk: Chunk, index: number) => void)[] = [
    (chunk) => {
      const ready = chunk.readyIndexes(2, 1e6);
      expect(ready.filter((index) => chunk.isPaused(index))).toEqual([]);
      leaseTasks(chunk, ready, 'w', now);
    },
    (chunk, index) => endOne(chunk, index, (lease) => reportOf(lease, { done: [index] })),
    (chunk, index) => endOne(chunk, index, (lease) => reportOf(lease, { failed: [index] })),
    (chunk, index) => endOne(chunk, index, (lease) => reportOf(lease, { returned: [index] })),
    (chunk, index) => endOne(chunk, index, () => stopped(chunk, index)),
    (chunk) => loseLease(chunk, chunk.state.leases[0]?.fence ?? 0, { alone: false, lossesMax: 2, now }),
    (chunk, index) => deferTask(chunk, index, chunk.state.attempts[index] ?? 0, now),
    (chunk, index) => retryTask(chunk, index, chunk.state.attempts[index] ?? 0),
    (chunk, index) => discardTask(chunk, index, chunk.state.attempts[index] ?? 0, now),
    (chunk, index) => requeueTask(chunk, index, chunk.state.attempts[index] ?? 0, undefined, now),
    (chunk, index) => pauseBundledJob(chunk, index, ann, now),
    (chunk, index) => resumeBundledJob(chunk, index, ann, now),
    (chunk, index) => askBack(chunk, [index]),
    (chunk, index) => cancelTasks(chunk, [index], now),
  ];
  const walk = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(2)), { maxLength: 40 });
  fc.assert(
    fc.property(walk, (given) => {
      const chunk = bundleOf(3);
      for (const [step, index] of given) {
        steps[step]?.(chunk, index);
        for (const one of [chunk, readAgain(chunk)]) {
          const states = [0, 1, 2].map((at) => one.stateOf(at));
          const free = states.filter((state, at) => state === 'ready' && !one.isPaused(at)).length;
          expect([one.count('ready'), one.tally().ready ?? 0]).toEqual([
            free,
            states.filter((state) => state === 'ready').length,
          ]);
          const ended = [...brokenTaskStates, 'succeeded', 'cancelled'] as string[];
          expect(one.open).toBe(states.filter((state) => !ended.includes(state)).length);
        }
      }
    }),
    { numRuns: 500 },
  );
});

function endOne(
  chunk: Chunk,
  index: number,
  report: (lease: NonNullable<ReturnType<Chunk['leaseOf']>>) => Parameters<typeof recordOutcome>[1],
): void {
  const lease = chunk.state.leases.find(({ indexes }) => indexes.includes(index));
  if (lease) recordOutcome(chunk, { ...report(lease), fence: lease.fence }, now);
}
