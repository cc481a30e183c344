import { limits, type RerunPartial, type RerunPlan, type TaskState } from '@kintsugi/contracts';
import type { JobHandle } from '../directory/job-handle.js';
import type { Reused } from './domain/content-keys.js';
import { isRerun, type PlannedRerun, type RerunRole } from './domain/plan-rerun.js';
import type { RerunTable } from './domain/rerun-table.js';
import { rerunWarnings } from './domain/rerun-warnings.js';
import type { Definition } from './latest-definition.js';
import { shownAt, type ShownTask } from './rerun-reader.js';

type Rerun = RerunPlan['rerun']['tasks'][number]['because'];

/** A plan before it is told. */
export interface WholePlan {
  table: RerunTable;
  planned: PlannedRerun;
  /** What is known by content keys; null where outputs are kept without a look at them. */
  reused: Reused | null;
  definition: Definition;
}

/** The plan as people see it: of each list the first, by what they are called. */
export async function planOf(
  request: RerunPartial,
  job: JobHandle,
  { table, planned: { roles, refused }, reused, definition }: WholePlan,
): Promise<RerunPlan> {
  const view = job.view();
  const placesIn = (fits: (role: RerunRole | undefined) => boolean): number[] =>
    roles.flatMap((role, at) => (fits(role) ? [at] : []));
  const lists = {
    rerun: placesIn(isRerun),
    reuse: placesIn((role) => role === 'reuse'),
    left_out: placesIn((role) => role === 'left_out'),
  };
  const named = refused.slice(0, limits.pageSize);
  const shown = await shownAt(
    job,
    table.size,
    new Set([
      ...Object.values(lists).flatMap((places) => places.slice(0, limits.pageSize)),
      ...named.flatMap(({ task, parent }) => [task, parent]),
    ]),
  );
  const at = (place: number): { task_id: string; key: string | null; state: TaskState } => {
    const { id, key, state } = shown.get(place) as ShownTask;
    return { task_id: id, key, state };
  };
  const keyed = (place: number) => ({ ...at(place), content_key: reused?.keyAt(place) ?? null });
  const listOf = <Item>(places: readonly number[], item: (place: number) => Item): { total: number; tasks: Item[] } => ({
    total: places.length,
    tasks: places.slice(0, limits.pageSize).map(item),
  });
  const ran = lists.rerun.filter((place) => table.hasRun(place));
  return {
    job_id: view.id,
    dry_run: request.dry_run,
    rerun: listOf(lists.rerun, (place) => ({ ...keyed(place), because: roles[place] as Rerun })),
    reuse: listOf(lists.reuse, (place) => ({ ...keyed(place), from_job_id: reused?.madeBy(place)?.jobId ?? view.id })),
    left_out: listOf(lists.left_out, at),
    refused: {
      total: refused.length,
      tasks: named.map(({ task, parent, because }) => ({ ...at(task), waits_for: shown.get(parent)?.id ?? '', because })),
    },
    definition: definition.said,
    estimated_run_ms: ran.length > 0 ? Math.round(ran.reduce((sum, place) => sum + table.tookMs(place), 0)) : null,
    warnings: rerunWarnings(definition.head?.safety ?? view.safety, table, lists.rerun),
    run: null,
  };
}
