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
  const lines = wrap(head, columns);
  if (refused.total > 0) {
    lines.push('', paint.red(`${counted(refused.total)} cannot: what they wait for has not succeeded.`));
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

function tableOf<Item extends RerunPlan['reuse']['tasks'][number]>(
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
