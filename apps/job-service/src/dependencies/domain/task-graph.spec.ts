import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endedTaskStates, type TaskState } from '@kintsugi/contracts';
import { TaskGraph, positionOf, type StandingTask, type Verdict } from './task-graph.js';

/** A job of some tasks over several chunks: place n is at index n % 4 of chunk n / 4. */
const positionAt = (task: number): number => positionOf(Math.floor(task / 4), task % 4);

function noteAll(graph: TaskGraph, tasks: readonly StandingTask[], chunks: readonly number[]): void {
  for (const chunk of chunks) graph.note(chunk, (index) => tasks[chunk * 4 + index] ?? { state: 'ready', isHeld: false });
}

/** What each of sixteen tasks waits for: parents have lower numbers. */
function parentsIn(edges: readonly (readonly [number, number])[]): number[][] {
  return Array.from({ length: 16 }, (_, task) => [
    ...new Set(edges.filter(([one, other]) => Math.max(one, other) === task && one !== other).map((pair) => Math.min(...pair))),
  ]);
}

function graphOf(parents: readonly (readonly number[])[], runsAnyway: boolean): TaskGraph {
  return new TaskGraph(
    parents.flatMap((of, task) => of.flatMap((parent) => [positionAt(task), positionAt(parent)])),
    runsAnyway,
  );
}

/** By looking at all of it, in the order of the tasks: parents have lower numbers. */
function verdictsByForce(
  tasks: readonly StandingTask[],
  parents: readonly (readonly number[])[],
  runsAnyway: boolean,
): Verdict[] {
  const verdicts: Verdict[] = [];
  const hasEnded = (task: number): boolean =>
    tasks[task]?.isHeld
      ? verdicts[task] === 'give_up'
      : (endedTaskStates as readonly TaskState[]).includes(tasks[task]?.state as TaskState);
  const isUndone = (task: number): boolean => hasEnded(task) && tasks[task]?.state !== 'succeeded';
  tasks.forEach((_, task) => {
    const of = parents[task] ?? [];
    if (!runsAnyway && of.some(isUndone)) verdicts[task] = 'give_up';
    else verdicts[task] = of.every(hasEnded) ? 'run' : 'wait';
  });
  return verdicts;
}

const standing = fc.oneof(
  { weight: 3, arbitrary: fc.constant<StandingTask>({ state: 'blocked', isHeld: true }) },
  fc
    .constantFrom<TaskState>('ready', 'leased', 'waiting_retry', 'succeeded', 'dead', 'cancelled', 'outcome_unknown')
    .map((state): StandingTask => ({ state, isHeld: false })),
  fc.constant<StandingTask>({ state: 'dead', isHeld: true }),
);

/** How a task stood when its chunk was last written, and how it does now. */
const movedTask = fc.constantFrom<readonly [written: TaskState, now: TaskState]>(
  ...([
    ['blocked', 'blocked'],
    ['blocked', 'blocked'],
    ['ready', 'succeeded'],
    ['ready', 'succeeded'],
    ['ready', 'ready'],
  ] as const),
  ...([
    ['ready', 'dead'],
    ['dead', 'ready'],
    ['dead', 'dead'],
    ['succeeded', 'succeeded'],
  ] as const),
);

describe('the graph of a job', () => {
  test('says of random tasks what looking at all of them says, whatever is told in whatever order', () => {
    const jobs = fc.record({
      edges: fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 40 }),
      rounds: fc.array(fc.tuple(fc.array(standing, { minLength: 16, maxLength: 16 }), fc.shuffledSubarray([0, 1, 2, 3])), {
        minLength: 1,
        maxLength: 6,
      }),
      runsAnyway: fc.boolean(),
    });
    fc.assert(
      fc.property(jobs, ({ edges, rounds, runsAnyway }) => {
        const parents = parentsIn(edges);
        const graph = graphOf(parents, runsAnyway);
        const known: StandingTask[] = Array.from({ length: 16 }, () => ({ state: 'blocked', isHeld: false }));
        const verdictsTold = new Map<number, Verdict>();
        noteAll(graph, known, [0, 1, 2, 3]);
        for (const [tasks, chunks] of rounds) {
          for (const chunk of chunks) {
            for (let index = 0; index < 4; index += 1) known[chunk * 4 + index] = tasks[chunk * 4 + index] as StandingTask;
          }
          noteAll(graph, known, chunks);
          const expected = verdictsByForce(known, parents, runsAnyway);
          const seen = known.map((_, task) => graph.verdictAt(positionAt(task)));
          expect(seen.filter((_, task) => parents[task]?.length)).toEqual(expected.filter((_, task) => parents[task]?.length));
          for (const [sequence, indexes] of graph.takeChanged()) {
            for (const index of indexes) {
              verdictsTold.set(sequence * 4 + index, graph.verdictAt(positionAt(sequence * 4 + index)));
            }
          }
          // Whoever carries out what is told has every held task stand as it should.
          known.forEach(({ state, isHeld }, task) => {
            if (!isHeld || !parents[task]?.length) return;
            const stands = state === 'blocked' ? 'wait' : 'give_up';
            if (expected[task] !== stands) expect(verdictsTold.get(task)).toBe(expected[task]);
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('frees within a chunk what its outcomes let run, and nothing that waits once it is written, as looking at all of it says', () => {
    const standsAs = (state: TaskState): StandingTask => ({ state, isHeld: state === 'blocked' });
    const jobs = fc.record({
      // Among the tasks of the second chunk and the last one of the first.
      edges: fc.array(fc.tuple(fc.integer({ min: 3, max: 7 }), fc.integer({ min: 3, max: 7 })), { minLength: 2, maxLength: 8 }),
      tasks: fc.array(movedTask, { minLength: 8, maxLength: 8 }),
      runsAnyway: fc.boolean(),
    });
    fc.assert(
      fc.property(jobs, ({ edges, tasks, runsAnyway }) => {
        const parents = parentsIn(edges);
        const graph = graphOf(parents, runsAnyway);
        const known = tasks.map(([written]) => standsAs(written));
        noteAll(graph, known, [0, 1]);
        const next = tasks.map(([written, now], place) => standsAs(place < 4 ? written : now));
        const [before, after] = [known, next].map((of) => verdictsByForce(of, parents, runsAnyway));
        const freed = graph.freedWithin(1, (index) => next[4 + index]?.state as TaskState);
        for (let task = 4; task < 8; task += 1) {
          const mayRun = known[task]?.state === 'blocked' && after?.[task] === 'run';
          if (!mayRun) expect(freed).not.toContain(task - 4);
          else if (before?.[task] === 'wait' && parents[task]?.every((parent) => next[parent]?.state === 'succeeded')) {
            expect(freed).toContain(task - 4);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('follows a chain of 10,000, a fan of 10,000 and what is undone again, all at once', () => {
    const count = 10_000;
    const chain = new TaskGraph(Array.from({ length: count - 1 }, (_, task) => [task + 1, task]).flat(), false);
    const tasks: StandingTask[] = Array.from({ length: count }, () => ({ state: 'blocked', isHeld: true }));
    const note = (graph: TaskGraph, first: StandingTask): void => {
      tasks[0] = first;
      for (let chunk = 0; chunk * 256 < count; chunk += 1) {
        graph.note(chunk, (index) => tasks[chunk * 256 + index] ?? { state: 'ready', isHeld: false });
      }
    };
    note(chain, { state: 'dead', isHeld: false });
    expect(chain.verdictAt(count - 1)).toBe('give_up');
    expect(chain.culpritOf(1)).toBe(0);
    note(chain, { state: 'ready', isHeld: false });
    expect(chain.verdictAt(count - 1)).toBe('wait');
    const fan = new TaskGraph(Array.from({ length: count - 1 }, (_, task) => [task + 1, 0]).flat(), false);
    note(fan, { state: 'ready', isHeld: false });
    expect(fan.holders(5)).toEqual([0]);
    fan.takeChanged();
    note(fan, { state: 'succeeded', isHeld: false });
    expect([...fan.takeChanged().values()].flat()).toHaveLength(count - 1);
    expect([fan.parentsAt(7), fan.childrenAt(0).length]).toEqual([[0], count - 1]);
  });
});
