import { limits } from '../limits.js';
import { ProblemError, shown } from '../problem/problem.js';
import type { TaskInput } from './task-input.js';

/** The error type of a task that does not run because one that it waits for has not been done. */
export const DEPENDENCY_FAILED = 'dependency.failed';

const keyText = '"depends_on"';

/** The ids of the tasks that the task of a checked line waits for. A line that cannot name any is only searched, never parsed. */
export function parentIdsIn(line: string): readonly string[] {
  if (!line.includes(keyText)) return [];
  return (JSON.parse(line) as TaskInput).depends_on ?? [];
}

/** Tasks shown of a cycle. */
const shownMax = 20;

interface Dependent {
  path: string;
  id: string | undefined;
  parents: readonly string[];
}

/**
 * What the tasks of one job wait for, gathered while they are read and checked once all are there. Only tasks that wait for others are
 * kept: no other can be part of a cycle.
 */
export class TaskDependencies {
  private readonly dependents: Dependent[] = [];
  private edges = 0;

  /** @param line the text of the task, by which it is known later */
  take(task: TaskInput, line: string, path: string): void {
    const parents = task.depends_on ?? [];
    if (parents.length === 0) return;
    if (!line.includes(keyText)) {
      throw refusal(`${path}.depends_on`, 'FORMAT', 'escape sequences', `the name as it is: ${keyText}`);
    }
    this.edges += parents.length;
    if (this.edges > limits.dependenciesPerJob) {
      throw refusal(
        `${path}.depends_on`,
        'TOO_LONG',
        `more than ${limits.dependenciesPerJob} dependencies in the job`,
        `at most ${limits.dependenciesPerJob}`,
      );
    }
    const at = task.id === undefined ? -1 : parents.indexOf(task.id);
    if (at >= 0) throw refusal(`${path}.depends_on[${at}]`, 'SELF_REFERENCE', shown(task.id), 'ids of other tasks');
    this.dependents.push({ path, id: task.id, parents });
  }

  /** Throws where a task waits for one that there is not, or for itself in the end. */
  check(has: (id: string) => boolean): void {
    if (this.dependents.length === 0) return;
    for (const { path, parents } of this.dependents) {
      const at = parents.findIndex((id) => !has(id));
      if (at >= 0) throw refusal(`${path}.depends_on[${at}]`, 'UNKNOWN', shown(parents[at]), 'the id of a task of this job');
    }
    if (!this.isInOrder) this.refuseCycle();
  }

  /** Whether none waits for one that comes after it, which most who make tasks see to: then none waits for itself either. */
  private get isInOrder(): boolean {
    const later = new Set(this.dependents.map(({ id }) => id));
    return this.dependents.every(({ id, parents }) => {
      const waits = parents.some((parent) => later.has(parent));
      later.delete(id);
      return !waits;
    });
  }

  /** What is left once all that can run has been taken away, in the order in which it could, goes in circles. */
  private refuseCycle(): void {
    const byId = new Map(this.dependents.flatMap((task) => (task.id === undefined ? [] : [[task.id, task] as const])));
    const waitsFor = new Map<Dependent, number>();
    const children = new Map<Dependent, Dependent[]>();
    for (const task of this.dependents) {
      const parents = task.parents.flatMap((id) => byId.get(id) ?? []);
      waitsFor.set(task, parents.length);
      for (const parent of parents) {
        const others = children.get(parent);
        if (others) others.push(task);
        else children.set(parent, [task]);
      }
    }
    const free = this.dependents.filter((task) => waitsFor.get(task) === 0);
    for (let task = free.pop(); task; task = free.pop()) {
      waitsFor.delete(task);
      for (const child of children.get(task) ?? []) {
        const left = (waitsFor.get(child) ?? 0) - 1;
        waitsFor.set(child, left);
        if (left === 0) free.push(child);
      }
    }
    const [first] = waitsFor.keys();
    if (first) throw cycleIn(first, (id) => (waitsFor.has(byId.get(id) as Dependent) ? (byId.get(id) as Dependent) : null));
  }
}

/** Each of what is left waits for another of it: whoever goes on comes back. */
function cycleIn(first: Dependent, left: (id: string) => Dependent | null): ProblemError {
  const seen = new Map<Dependent, number>();
  const way: Dependent[] = [];
  let task = first;
  while (!seen.has(task)) {
    seen.set(task, way.length);
    way.push(task);
    task = task.parents.map(left).find((parent) => parent !== null) as Dependent;
  }
  const cycle = way.slice(seen.get(task));
  const names = [...cycle, task].map(({ id }) => id ?? '');
  const words = names.length > shownMax ? [...names.slice(0, shownMax), `… (${cycle.length} tasks)`] : names;
  return refusal(
    `${task.path}.depends_on`,
    'CYCLE',
    words.join(' -> '),
    'no task that waits for itself, by way of others either',
  );
}

function refusal(path: string, rule: string, got: string, allowed: string): ProblemError {
  return new ProblemError('DEPENDENCY_INVALID', `${path}: ${rule}, got ${got}, allowed: ${allowed}. Nothing was accepted.`, {
    errors: [{ path, rule, got, allowed }],
  });
}
