import type { RerunPlan } from '@kintsugi/contracts';
import type { Output } from '../terminal/output.js';
import { duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

const shownMax = 20;

/** A plan of a rerun, or what was made of it, for a person. */
export function rerunLines(plan: RerunPlan, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string[] {
  const { rerun, reuse, left_out: leftOut, refused, warnings, run, estimated_run_ms: estimate } = plan;
  const took = estimate === null ? '' : ` Their last runs took ${duration(estimate)} together.`;
  const head = run
    ? `${run.job_id} runs ${counted(rerun.total)} of ${plan.job_id} again. Follow it: ./kintsugi job ${run.job_id} --watch`
    : `${counted(rerun.total)} of ${plan.job_id} would run again; ${reuse.total} would be kept, ${leftOut.total} left out.${took}`;
  const lines = [...wrap(head, columns), ...wrap(definitionOf(plan), columns)];
  if (refused.total > 0) {
    lines.push('', paint.red(`${counted(refused.total)} cannot: what they wait for ${troubleOf(plan)}.`));
    lines.push(...tableOf(refused.tasks, 'WAITS FOR', ({ waits_for }) => waits_for, columns));
    lines.push(...wrap('Have that run again too with --upstream, or select it.', columns));
  } else if (!run && rerun.total > 0) {
    lines.push('', ...tableOf(rerun.tasks, 'BECAUSE', ({ because }) => because, columns));
    if (rerun.total > shownMax) {
      lines.push(paint.dim(`… and ${rerun.total - shownMax} more; --json shows the first ${rerun.tasks.length}.`));
    }
  }
  for (const warning of warnings) lines.push(...wrap(`${paint.yellow('Beware:')} ${warning}`, columns));
  if (!run && refused.total === 0 && rerun.total > 0) lines.push('', 'Nothing was made. The same with --run does it.');
  return lines;
}

/** What it is made of, where that was asked for otherwise than as the job was made. */
function definitionOf({ definition: { asked, from, name, differs, tasks_changed: changed } }: RerunPlan): string {
  if (asked === 'original') return '';
  if (from === 'job') return 'Nothing defines it anew: it has no schedule and no newer run.';
  const others = [
    ...(changed > 0 ? [`${counted(changed)} with another payload`] : []),
    ...(differs.length > 0 ? [`other ${differs.map(({ field }) => field).join(', ')}`] : []),
  ];
  return `Made as the ${from} ${harmless(name)} is now: ${others.join('; ') || 'nothing differs'}.`;
}

function troubleOf({ refused: { tasks } }: RerunPlan): string {
  if (tasks.every(({ because }) => because === 'not_succeeded')) return 'has not succeeded';
  return tasks.every(({ because }) => because === 'changed')
    ? 'was made of other inputs'
    : 'has not succeeded, or was made of other inputs';
}

function tableOf<Item extends RerunPlan['left_out']['tasks'][number]>(
  tasks: readonly Item[],
  title: string,
  last: (task: Item) => string,
  columns: number,
): string[] {
  const shown = [{ title: 'TASK', shrinks: true }, { title: 'STATE' }, { title, shrinks: true }];
  return table(
    shown,
    tasks.slice(0, shownMax).map((task) => [harmless(task.key ?? task.task_id), task.state, last(task)]),
    { columns },
  );
}

function counted(tasks: number): string {
  return tasks === 1 ? '1 task' : `${tasks} tasks`;
}
