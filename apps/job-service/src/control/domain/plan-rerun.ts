import { endedTaskStates, type RerunPartial, type TaskState } from '@kintsugi/contracts';
import type { RerunTable } from './rerun-table.js';

/** What becomes of each task: run again and why, kept as it is, or left out. */
export type RerunRole = 'selected' | 'downstream' | 'upstream' | 'reuse' | 'left_out';

export interface PlannedRerun {
  roles: RerunRole[];
  /** Tasks that would be run before one that they wait for is done as it has to be, with that one. */
  refused: { task: number; parent: number; because: 'not_succeeded' | 'changed' }[];
}

/** How the tasks stand for those that wait for them, if nothing were run again. */
export interface Standing {
  /** It has an output to give. */
  hasOutput(at: number): boolean;
  /** The output is what the task would give now. */
  isCurrent(at: number): boolean;
}

/** What has succeeded is kept, whatever became of its inputs since. */
export function standingBySuccess({ states }: RerunTable): Standing {
  const hasOutput = (at: number): boolean => states[at] === 'succeeded';
  return { hasOutput, isCurrent: hasOutput };
}

/** How far a rerun goes from what is selected. */
export type RerunReach = Pick<RerunPartial, 'include_downstream' | 'include_upstream'>;

/**
 * What of a job is run again: what is selected, what was given up with it, and with that what waits for it. Whatever else is waited
 * for has to have an output that is current, or is run again too where that is asked for.
 * @param runsAnyway whether a task of the job runs once all that it waits for has ended, however
 */
export function planRerun(
  table: RerunTable,
  reach: RerunReach,
  runsAnyway: boolean,
  standing = standingBySuccess(table),
): PlannedRerun {
  const { states, selected } = table;
  const roles: RerunRole[] = states.map((_, at) => (standing.hasOutput(at) ? 'reuse' : 'left_out'));
  const children = table.children();
  for (const at of selected) roles[at] = 'selected';
  addDownstream(table, roles, children, selected, reach);
  const refused: PlannedRerun['refused'] = [];
  const toCheck: number[] = [];
  for (let at = 0; at < roles.length; at += 1) if (isRerun(roles[at]) && table.parentsOf(at).length > 0) toCheck.push(at);
  for (let task = toCheck.pop(); task !== undefined; task = toCheck.pop()) {
    for (const parent of table.parentsOf(task)) {
      if (isRerun(roles[parent]) || standing.isCurrent(parent)) continue;
      const isLeftOut = roles[parent] === 'left_out';
      if (isLeftOut && runsAnyway && hasEnded(states[parent])) continue;
      if (!reach.include_upstream) {
        refused.push({ task, parent, because: isLeftOut ? 'not_succeeded' : 'changed' });
        break;
      }
      roles[parent] = 'upstream';
      toCheck.push(parent);
      // What else was given up with it can run too.
      for (const added of addDownstream(table, roles, children, [parent], reach)) toCheck.push(added);
    }
  }
  return { roles, refused: refused.sort((one, other) => one.task - other.task) };
}

export function isRerun(role: RerunRole | undefined): boolean {
  return role === 'selected' || role === 'downstream' || role === 'upstream';
}

/** Gives what it adds. */
function addDownstream(
  table: RerunTable,
  roles: RerunRole[],
  children: ReadonlyMap<number, readonly number[]>,
  from: readonly number[],
  { include_downstream: all }: RerunReach,
): number[] {
  const added: number[] = [];
  const toFollow = [...from];
  for (let at = toFollow.pop(); at !== undefined; at = toFollow.pop()) {
    for (const child of children.get(at) ?? []) {
      if (isRerun(roles[child]) || !(all || table.isHeld(child))) continue;
      roles[child] = 'downstream';
      added.push(child);
      toFollow.push(child);
    }
  }
  return added;
}

function hasEnded(state: TaskState | undefined): boolean {
  return state !== undefined && (endedTaskStates as readonly TaskState[]).includes(state);
}
