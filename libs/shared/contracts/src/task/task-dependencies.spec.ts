import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { limits } from '../limits.js';
import { ProblemError } from '../problem/problem.js';
import { TaskDependencies, parentIdsIn } from './task-dependencies.js';
import type { TaskInput } from './task-input.js';

/** The problem that tasks meet, or null. */
function problemOf(tasks: readonly TaskInput[]): ProblemError | null {
  const dependencies = new TaskDependencies();
  const ids = new Set(tasks.map(({ id }) => id));
  try {
    tasks.forEach((task, index) => dependencies.take(task, JSON.stringify(task), `line ${index + 2}`));
    dependencies.check((id) => ids.has(id));
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

const task = (id: string, ...parents: string[]): TaskInput => ({ id, depends_on: parents });

test.each([
  ['itself', [task('a', 'a')], { path: 'line 2.depends_on[0]', rule: 'SELF_REFERENCE' }],
  ['a task that there is not', [task('a'), task('b', 'a', 'c')], { path: 'line 3.depends_on[1]', rule: 'UNKNOWN', got: '"c"' }],
  [
    'one that waits for it',
    [task('a'), task('b', 'a', 'd'), task('c', 'b'), task('d', 'c')],
    { path: 'line 3.depends_on', rule: 'CYCLE', got: 'b -> d -> c -> b' },
  ],
])('a task that waits for %s is refused with its place', (_, tasks, detail) => {
  expect(problemOf(tasks)).toMatchObject({ code: 'DEPENDENCY_INVALID', extras: { errors: [detail] } });
});

test('the name of the field has to stand in the text by which it is known later', () => {
  const line = '{"depends\\u005fon":["a"]}';
  expect(() => new TaskDependencies().take(JSON.parse(line) as TaskInput, line, 'line 2')).toThrow('FORMAT');
  expect(parentIdsIn('{"payload":{"depends_on":["a"]}}')).toEqual([]);
  expect(parentIdsIn('{"depends_on":["a"]}')).toEqual(['a']);
});

test('the number of dependencies is bounded over all tasks', () => {
  const half = Array.from({ length: limits.dependenciesPerJob / 2 + 1 }, (_, index) => `t${index}`);
  expect(problemOf([task('a', ...half), task('b', ...half)])).toMatchObject({ extras: { errors: [{ rule: 'TOO_LONG' }] } });
});

test('cycles are found where a search by depth finds them', () => {
  const edges = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 });
  fc.assert(
    fc.property(edges, (given) => {
      const parents = new Map<number, Set<number>>(Array.from({ length: 12 }, (_, index) => [index, new Set()]));
      for (const [child, parent] of given) if (child !== parent) parents.get(child)?.add(parent);
      const reaches = (from: number, to: number, seen = new Set<number>()): boolean =>
        [...(parents.get(from) ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
      const isCyclic = [...parents.keys()].some((index) => reaches(index, index));
      const problem = problemOf([...parents].map(([index, of]) => task(String(index), ...[...of].map(String))));
      expect(problem !== null).toBe(isCyclic);
      // The cycle that is told is one.
      const way = problem?.extras.errors?.[0]?.got?.split(' -> ').map(Number) ?? [];
      expect(way.slice(1).every((next, at) => parents.get(way[at] as number)?.has(next))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
