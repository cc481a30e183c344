import { describe, expect, test } from '@jest/globals';
import { countedSteps, cutSteps, markOfRerun, ownersOfSteps } from './counted-steps.js';
import type { StepMark } from './task-extras.js';

const kept = (taskId: string, fence: number, ...sequences: number[]) =>
  sequences.map((sequence) => ({ taskId, fence, sequence, name: `${sequence}` }));

function placesOf(mark: StepMark, steps: ReturnType<typeof kept>): string[] {
  return countedSteps('t', mark, steps).map(({ taskId, fence, sequence }) => `${taskId}.${fence}.${sequence}`);
}

describe('the steps of a task that count', () => {
  test('are all of its own, in their order', () => {
    expect(placesOf({}, kept('t', 1, 2, 0, 1))).toEqual(['t.1.0', 't.1.1', 't.1.2']);
  });

  test('are those before a cut, and what was kept since', () => {
    const mark = cutSteps({}, 5, 1);
    expect(placesOf(mark, [...kept('t', 1, 0, 2), ...kept('t', 5, 1)])).toEqual(['t.1.0', 't.5.1']);
    // A late worker of before the cut changes nothing.
    expect(placesOf(mark, kept('t', 4, 0, 1, 2, 3))).toEqual(['t.4.0']);
  });

  test('are none that an earlier cut took, whatever cut comes after it', () => {
    const behind = cutSteps(cutSteps({}, 3, 1), 6, 2);
    expect(behind.cuts).toEqual([
      [3, 1],
      [6, 2],
    ]);
    expect(placesOf(behind, [...kept('t', 1, 0, 1), ...kept('t', 4, 1), ...kept('t', 5, 2)])).toEqual(['t.1.0', 't.4.1']);
    expect(cutSteps(behind, 9, 0).cuts).toEqual([[9, 0]]);
  });

  test('of a rerun are those of the runs before it, then its own', () => {
    const mark = markOfRerun('s', markOfRerun('r', {}));
    expect(ownersOfSteps('t', mark)).toEqual(['r', 's', 't']);
    const all = [...kept('r', 3, 0), ...kept('s', 1, 1), ...kept('t', 1, 2), ...kept('x', 9, 0)];
    expect(placesOf(mark, all)).toEqual(['r.3.0', 's.1.1', 't.1.2']);
  });

  test('of a rerun are none that a cut of a later run took from an earlier one', () => {
    const mark = markOfRerun('s', cutSteps(markOfRerun('r', {}), 4, 1));
    expect(placesOf(mark, [...kept('r', 8, 0, 1), ...kept('s', 4, 1), ...kept('s', 3, 2)])).toEqual(['r.8.0', 's.4.1']);
  });

  test('of one name are those of the latest run, though a late one of an earlier run stands behind it', () => {
    const named = (taskId: string, fence: number, sequence: number) => ({ taskId, fence, sequence, name: 'charge' });
    expect(placesOf({}, [named('t', 2, 0), named('t', 1, 2), ...kept('t', 1, 1)])).toEqual(['t.2.0', 't.1.1']);
    expect(placesOf(markOfRerun('r', {}), [named('r', 7, 3), named('t', 1, 1)])).toEqual(['t.1.1']);
  });

  test('of reruns of reruns are those of the last eight', () => {
    let mark: StepMark = {};
    for (let run = 0; run < 10; run += 1) mark = markOfRerun(`r${run}`, mark);
    expect(ownersOfSteps('t', mark)).toEqual(['r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9', 't']);
  });
});
