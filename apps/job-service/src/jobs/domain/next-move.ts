import { brokenTaskStates, type JobStatus, type TaskCounts } from '@kintsugi/contracts';
import type { JobMove } from './job-lifecycle.js';
import { openTasks, sumOf } from './job-progress.js';

export interface JobSituation {
  status: JobStatus;
  counts: TaskCounts;
  /** null until a planned job has its tasks. */
  total: number | null;
  /** Whether its tasks have been made real. */
  opened: boolean;
  /** The state of its planning: none when the caller gave the tasks. */
  planning: 'none' | 'open' | 'done' | 'broken' | 'cancelled';
  /** Whether any task has been given to a worker. */
  begun: boolean;
  /** Whether its deadline passed before it was over: what was stopped then has not been done. */
  expired: boolean;
}

/** The move that a job's situation calls for now; null when it is where it should be. */
export function nextMove(situation: JobSituation): JobMove | null {
  const { status, counts } = situation;
  const open = openTasks(counts) + (situation.planning === 'open' ? 1 : 0);
  const undone = situation.expired ? [...brokenTaskStates, 'cancelled' as const] : brokenTaskStates;
  const broken = sumOf(counts, undone) + (situation.planning === 'broken' ? 1 : 0);
  const tasksKnown =
    situation.opened && (situation.total !== null || situation.planning === 'broken' || situation.planning === 'cancelled');
  switch (status) {
    case 'pending':
      if (situation.begun) return 'start';
      return ended(tasksKnown, open, broken);
    case 'running':
    case 'paused':
      return ended(tasksKnown, open, broken);
    case 'recovering':
      if (sumOf(counts, ['leased', 'running']) > 0) return 'recommence';
      return ended(tasksKnown, open, broken);
    case 'cancelling':
      if (!tasksKnown || open > 0) return null;
      return situation.expired ? 'finish_expire' : 'finish_cancel';
    case 'failed':
      return open > 0 || (tasksKnown && broken === 0 && !situation.expired) ? 'recover' : null;
    default:
      return null;
  }
}

function ended(tasksKnown: boolean, open: number, broken: number): JobMove | null {
  if (!tasksKnown || open > 0) return null;
  return broken > 0 ? 'fail' : 'complete';
}
