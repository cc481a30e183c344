import { describe, expect, test } from '@jest/globals';
import { graphOf, type GraphTask } from './task-graph.js';

const task = (key: string, depends_on: string[] = [], state = 'succeeded'): GraphTask => ({
  id: `task_${key}`,
  key,
  state,
  depends_on,
});
const placesOf = (tasks: GraphTask[]) =>
  Object.fromEntries(graphOf(tasks).nodes.map(({ task: { key }, level, row }) => [key, [level, row]]));

describe('the graph of tasks', () => {
  test('puts each behind the last of those that it waits for', () => {
    const tasks = [task('end', ['b', 'a']), task('a'), task('b', ['a']), task('alone')];
    expect(placesOf(tasks)).toEqual({ a: [0, 0], alone: [0, 1], b: [1, 0], end: [2, 0] });
    expect(graphOf(tasks).edges).toEqual([
      [2, 0],
      [1, 0],
      [1, 2],
    ]);
  });

  test('keeps those near that belong together', () => {
    expect(placesOf([task('a'), task('b'), task('of-b', ['b']), task('of-a', ['a'])])).toMatchObject({
      'of-a': [1, 0],
      'of-b': [1, 1],
    });
  });

  test('sums up its levels by state', () => {
    const { levels, rows } = graphOf([task('a', [], 'dead'), task('b'), task('c'), task('d', ['a'], 'skipped')]);
    expect(levels).toEqual([{ dead: 1, succeeded: 2 }, { skipped: 1 }]);
    expect(rows).toBe(3);
  });

  test('leaves out what it does not have, and draws nothing of nothing', () => {
    expect(graphOf([task('a', ['elsewhere'])]).edges).toEqual([]);
    expect(graphOf([])).toEqual({ nodes: [], edges: [], levels: [], rows: 0 });
  });

  test('takes a chain of thousands', () => {
    const chain = Array.from({ length: 5_000 }, (_, at) => task(`t${at}`, at === 0 ? [] : [`t${at - 1}`]));
    expect(graphOf(chain).levels).toHaveLength(5_000);
  });
});
