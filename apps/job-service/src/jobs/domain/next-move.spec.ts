import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { finishedJobStatuses, jobStatuses, taskStates, type JobStatus, type TaskState } from '@kintsugi/contracts';
import { jobTransitions } from './job-lifecycle.js';
import { nextMove, type JobSituation } from './next-move.js';

const calm: JobSituation = {
  status: 'running',
  counts: {},
  total: 3,
  opened: true,
  planning: 'none',
  begun: true,
  expired: false,
};

describe('a job ends', () => {
  test.each<[string, Partial<JobSituation>, string | null]>([
    ['completed when all tasks have succeeded', { counts: { succeeded: 3 } }, 'complete'],
    ['completed when the rest was skipped by rule', { counts: { succeeded: 2, skipped: 1 } }, 'complete'],
    ['completed at once when it has no tasks', { total: 0, counts: {}, planning: 'done' }, 'complete'],
    ['failed when a task is dead and nothing can run', { counts: { succeeded: 2, dead: 1 } }, 'fail'],
    ['failed when an outcome is unknown', { counts: { succeeded: 2, outcome_unknown: 1 } }, 'fail'],
    ['failed when its planning was given up', { total: null, planning: 'broken' }, 'fail'],
    ['not while a failure is undecided', { counts: { succeeded: 2, failed: 1 } }, null],
    ['not while a retry waits', { counts: { dead: 2, waiting_retry: 1 } }, null],
    ['not before its tasks are known', { total: null, planning: 'open' }, null],
    ['not before its tasks are real', { opened: false, counts: {} }, null],
    [
      'cancelled when nothing of it runs any more',
      { status: 'cancelling', counts: { cancelled: 2, succeeded: 1 } },
      'finish_cancel',
    ],
    ['not cancelled while what was planned is being made real', { status: 'cancelling', total: null, planning: 'done' }, null],
    [
      'complete although it is paused, when the last task that ran has ended',
      { status: 'paused', counts: { succeeded: 3 } },
      'complete',
    ],
    ['left paused while a task of it waits', { status: 'paused', counts: { succeeded: 2, ready: 1 } }, null],
    ['cancelled when its plan was dropped', { status: 'cancelling', total: null, planning: 'cancelled' }, 'finish_cancel'],
    [
      'failed when its deadline passed and nothing of it runs any more',
      { status: 'cancelling', counts: { cancelled: 3 }, expired: true },
      'finish_expire',
    ],
    [
      'failed for good when its deadline passed',
      { status: 'failed', counts: { cancelled: 1, succeeded: 2 }, expired: true },
      null,
    ],
    [
      'failed for good when its deadline passed as the last was done',
      { status: 'failed', counts: { succeeded: 3 }, expired: true },
      null,
    ],
    ['not cancelled while a worker holds a task', { status: 'cancelling', counts: { cancelled: 2, leased: 1 } }, null],
  ])('%s', (_, situation, move) => {
    expect(nextMove({ ...calm, ...situation })).toBe(move);
  });
});

describe('a failed job', () => {
  test('recovers when a dead task is ready again, and runs once a worker has it', () => {
    expect(nextMove({ ...calm, status: 'failed', counts: { succeeded: 2, ready: 1 } })).toBe('recover');
    expect(nextMove({ ...calm, status: 'recovering', counts: { succeeded: 2, leased: 1 } })).toBe('recommence');
  });

  test('recovers when a late report has cleared up its last unknown outcome', () => {
    expect(nextMove({ ...calm, status: 'failed', counts: { succeeded: 3 } })).toBe('recover');
  });
});

test('no situation asks for a move that the lifecycle forbids, and moves come to an end', () => {
  const counts = fc.dictionary(fc.constantFrom(...taskStates), fc.integer({ min: 1, max: 3 })) as fc.Arbitrary<
    Partial<Record<TaskState, number>>
  >;
  fc.assert(
    fc.property(
      fc.constantFrom(...jobStatuses),
      counts,
      fc.option(fc.nat(9)),
      fc.boolean(),
      fc.constantFrom('none' as const, 'open' as const, 'done' as const, 'broken' as const, 'cancelled' as const),
      fc.boolean(),
      fc.boolean(),
      (status, tasks, total, opened, planning, begun, expired) => {
        let at: JobStatus = status;
        for (let moves = 0; moves < 6; moves += 1) {
          const move = nextMove({ status: at, counts: tasks, total, opened, planning, begun, expired });
          if (move === null) return;
          expect(jobTransitions[move].from as readonly JobStatus[]).toContain(at);
          at = jobTransitions[move].to;
        }
        expect(finishedJobStatuses as readonly JobStatus[]).toContain(at);
      },
    ),
  );
});
