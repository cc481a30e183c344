import type { Task } from '@kintsugi/contracts';

export type GraphTask = Pick<Task, 'id' | 'key' | 'state' | 'depends_on'>;

export interface GraphNode<Item extends GraphTask> {
  task: Item;
  /** How many tasks one after another come before it. */
  level: number;
  /** Its place among those of its level. */
  row: number;
}

export interface TaskGraph<Item extends GraphTask> {
  nodes: GraphNode<Item>[];
  /** Places in `nodes`: the second waits for the first. */
  edges: [from: number, to: number][];
  /** Tasks by level and state. */
  levels: Record<string, number>[];
  /** Tasks of the fullest level. */
  rows: number;
}

/**
 * Tasks in layers: each stands one layer behind the last of those that it waits for, and as near to them as may be. Of tasks that
 * are not among these nothing is drawn. Takes time in proportion to tasks and edges.
 */
export function graphOf<Item extends GraphTask>(tasks: readonly Item[]): TaskGraph<Item> {
  const places = new Map(tasks.flatMap(({ key }, index) => (key === null ? [] : [[key, index] as const])));
  const parents = tasks.map(({ depends_on }) => (depends_on ?? []).flatMap((key) => places.get(key) ?? []));
  const level = levelsOf(parents);
  const order = rowsOf(level, parents);
  const levels: Record<string, number>[] = [];
  tasks.forEach(({ state }, index) => {
    const counts = (levels[level[index] as number] ??= {});
    counts[state] = (counts[state] ?? 0) + 1;
  });
  const rows = Math.max(0, ...levels.map((counts) => Object.values(counts).reduce((sum, count) => sum + count, 0)));
  return {
    nodes: tasks.map((task, index) => ({ task, level: level[index] as number, row: order[index] as number })),
    edges: parents.flatMap((of, index) => of.map((parent): [number, number] => [parent, index])),
    levels,
    rows,
  };
}

/** The longest way to each, by counting down who is still waited for. */
function levelsOf(parents: readonly (readonly number[])[]): number[] {
  const level = parents.map(() => 0);
  const left = parents.map((of) => of.length);
  const children: number[][] = parents.map(() => []);
  parents.forEach((of, index) => of.forEach((parent) => children[parent]?.push(index)));
  const ready = left.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let at = 0; at < ready.length; at += 1) {
    const index = ready[at] as number;
    for (const child of children[index] ?? []) {
      level[child] = Math.max(level[child] as number, (level[index] as number) + 1);
      left[child] = (left[child] as number) - 1;
      if (left[child] === 0) ready.push(child);
    }
  }
  return level;
}

/** Within its level each stands by the middle of those that it waits for. */
function rowsOf(level: readonly number[], parents: readonly (readonly number[])[]): number[] {
  const row = level.map(() => 0);
  const byLevel = [...Map.groupBy(level.keys(), (index) => level[index] as number)].sort(([one], [other]) => one - other);
  for (const [, members] of byLevel) {
    const wish = (index: number): number => {
      const of = parents[index] ?? [];
      return of.length === 0 ? index : of.reduce((sum, parent) => sum + (row[parent] as number), 0) / of.length;
    };
    members
      .map((index) => ({ index, at: wish(index) }))
      .sort((one, other) => one.at - other.at || one.index - other.index)
      .forEach(({ index }, place) => (row[index] = place));
  }
  return row;
}
