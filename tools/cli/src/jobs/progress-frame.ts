import { brokenTaskStates, taskStates, type TaskState } from '@kintsugi/contracts';
import type { LiveFrame } from '../terminal/live-view.js';
import type { Output, Paint } from '../terminal/output.js';
import { progressBar } from '../terminal/progress-bar.js';
import { count, duration, percent } from '../terminal/quantities.js';
import { joinParts } from '../terminal/text-width.js';
import { settledTasks, type JobProgress } from './job-progress.js';

export interface PaceOfJob {
  perSecond: number | null;
  elapsedMs: number;
}

/** How a job is going: a bar, its stats, and its tasks by state. */
export function progressFrame(
  progress: JobProgress,
  pace: PaceOfJob,
  { paint, columns }: Pick<Output, 'paint' | 'columns'>,
): LiveFrame {
  const { total, counts } = progress;
  const settled = settledTasks(progress);
  const shareOf = (tasks: number): number => (total ? tasks / total : 0);
  const { succeeded = 0, failed = 0, waiting_retry = 0 } = counts;
  const share = shareOf(settled);
  const parts = [
    { share: shareOf(succeeded), paint: paint.green },
    { share: shareOf(settled - succeeded), paint: paint.red },
    { share: shareOf(failed + waiting_retry), paint: paint.yellow },
  ];
  const stats = [
    total === null ? 'being planned' : `${percent(share)}  ${count(settled)} of ${count(total)}`,
    ...(pace.perSecond === null ? [] : [`${count(pace.perSecond)}/s`]),
    duration(pace.elapsedMs),
  ];
  const states = stateWords(counts, paint);
  return {
    lines: [
      `  ${progressBar(parts, columns - 4, paint.dim)}`,
      ...joinParts(stats, columns - 4).map((line) => `  ${line}`),
      ...joinParts(states, columns - 4).map((line) => `  ${line}`),
    ],
    summary: joinParts([progress.status, ...stats.flatMap((stat) => stat.split('  ')), ...stateWords(counts)], columns).join(
      '\n',
    ),
  };
}

/** `succeeded 12`, `dead 3`: the states that have tasks, in the order of a task's life. */
export function stateWords(counts: JobProgress['counts'], paint?: Paint): string[] {
  return taskStates
    .filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${paintOf(state, paint)(state.replaceAll('_', ' '))} ${count(counts[state] ?? 0)}`);
}

function paintOf(state: TaskState, paint: Paint | undefined): (text: string) => string {
  if (!paint) return (text) => text;
  if (state === 'succeeded') return paint.green;
  if (brokenTaskStates.some((broken) => broken === state)) return paint.red;
  return state === 'waiting_retry' || state === 'failed' ? paint.yellow : paint.cyan;
}
