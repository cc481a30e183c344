import { endedTaskStates, matchesErrorType, type RerunPartial, type TaskState } from '@kintsugi/contracts';

/** A task of the job, as it stands. */
export interface RerunTask {
  id: string;
  key: string | null;
  state: TaskState;
  /** It was given up because of what it waits for. */
  isHeld: boolean;
  errorType: string | null;
  dataType: string | null;
  attempts: number;
  tookMs: number;
  /** Where those are that it waits for, in the list of all. */
  parents: readonly number[];
}

/** What becomes of each task: run again and why, kept as it is, or left out. */
export type RerunRole = 'selected' | 'downstream' | 'upstream' | 'reuse' | 'left_out';

export interface PlannedRerun {
  roles: RerunRole[];
  /** Tasks that would be run before one that they wait for is done, with that one. */
  refused: { task: number; parent: number }[];
}

export type Selection = Omit<RerunPartial, 'job_id' | 'parameters' | 'dry_run'>;

/**
 * What of a job is run again: what is selected, what was given up with it, and with that what waits for it. Whatever else is waited
 * for has to have succeeded, or is run again too where that is asked for.
 * @param runsAnyway whether a task of the job runs once all that it waits for has ended, however
 */
export function planRerun(tasks: readonly RerunTask[], selection: Selection, runsAnyway: boolean): PlannedRerun {
  const roles: RerunRole[] = tasks.map(({ state }) => (state === 'succeeded' ? 'reuse' : 'left_out'));
  const children = childrenOf(tasks);
  const selects = selectorOf(selection);
  const selected = tasks.flatMap((task, at) => (selects(task) ? [at] : []));
  for (const at of selected) roles[at] = 'selected';
  addDownstream(tasks, roles, children, selected, selection);
  const refused: PlannedRerun['refused'] = [];
  const toCheck = tasks.flatMap((_, at) => (isRerun(roles[at]) ? [at] : []));
  for (let task = toCheck.pop(); task !== undefined; task = toCheck.pop()) {
    for (const parent of tasks[task]?.parents ?? []) {
      if (roles[parent] !== 'left_out' || (runsAnyway && hasEnded(tasks[parent]))) continue;
      if (!selection.include_upstream) {
        refused.push({ task, parent });
        break;
      }
      roles[parent] = 'upstream';
      toCheck.push(parent);
      // What else was given up with it can run too.
      toCheck.push(...addDownstream(tasks, roles, children, [parent], selection));
    }
  }
  return { roles, refused: refused.sort((one, other) => one.task - other.task) };
}

export function isRerun(role: RerunRole | undefined): boolean {
  return role === 'selected' || role === 'downstream' || role === 'upstream';
}

/** Gives what it adds. */
function addDownstream(
  tasks: readonly RerunTask[],
  roles: RerunRole[],
  children: readonly (readonly number[])[],
  from: readonly number[],
  { include_downstream: all }: Selection,
): number[] {
  const added: number[] = [];
  const toFollow = [...from];
  for (let at = toFollow.pop(); at !== undefined; at = toFollow.pop()) {
    for (const child of children[at] ?? []) {
      if (isRerun(roles[child]) || !(all || tasks[child]?.isHeld)) continue;
      roles[child] = 'downstream';
      added.push(child);
      toFollow.push(child);
    }
  }
  return added;
}

function selectorOf(selection: Selection): (task: RerunTask) => boolean {
  const { task_ids: ids, states, error_types: errorTypes, data_types: dataTypes, only_failed: onlyFailed } = selection;
  const byId = ids && new Set(ids);
  const isNamed = Boolean(ids ?? states ?? errorTypes ?? dataTypes);
  return ({ id, key, state, isHeld, errorType, dataType }) => {
    if (onlyFailed && state === 'succeeded') return false;
    // Without any selector, what has failed is meant, and what was given up follows from it.
    if (!isNamed) return !isHeld && state !== 'skipped';
    if (byId && !byId.has(id) && !(key !== null && byId.has(key))) return false;
    if (states && !states.includes(state)) return false;
    if (errorTypes && !(errorType !== null && errorTypes.some((pattern) => matchesErrorType(pattern, errorType)))) return false;
    return !dataTypes || (dataType !== null && dataTypes.includes(dataType));
  };
}

function hasEnded(task: RerunTask | undefined): boolean {
  return task !== undefined && (endedTaskStates as readonly TaskState[]).includes(task.state);
}

function childrenOf(tasks: readonly RerunTask[]): number[][] {
  const children = tasks.map((): number[] => []);
  tasks.forEach(({ parents }, task) => {
    for (const parent of parents) children[parent]?.push(task);
  });
  return children;
}
