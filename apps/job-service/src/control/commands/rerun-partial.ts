import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  finishedJobStatuses,
  isFinished,
  limits,
  type BatchJob,
  type RerunPartial as RerunRequest,
  type RerunPlan,
  type TaskState,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { CopyJob, chunksOf } from '../../intake/commands/copy-job.js';
import type { MakeChunk } from '../../intake/commands/chunked-intake.js';
import { JobRecords } from '../../jobs/job-records.js';
import { isRerun, planRerun, type PlannedRerun, type RerunRole } from '../domain/plan-rerun.js';
import { rerunChunk } from '../domain/rerun-chunk.js';
import type { RerunTable } from '../domain/rerun-table.js';
import { rerunWarnings } from '../domain/rerun-warnings.js';
import { requireSeen, seeing, selectorOf } from '../domain/select-for-rerun.js';
import { GroupedTasks } from '../grouped-tasks.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { rerunTableOf, shownAt, type ShownTask } from '../rerun-reader.js';
import { RunsBeingMade } from '../runs-being-made.js';
import { runsOf } from '../runs-of-job.js';
import { conflictOf, runConflict } from '../state-conflict.js';

const plansAtOnceMax = 4;

type Rerun = RerunPlan['rerun']['tasks'][number]['because'];

/**
 * Runs a part of a job again that is over, as a new job that keeps what has succeeded: planned from how its tasks stand, and made
 * only where they still stand so once all of it is stored.
 */
@Injectable()
export class RerunPartial {
  private plans = 0;

  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
    private readonly copyJob: CopyJob,
    private readonly asked: AskedMoves,
    private readonly grouped: GroupedTasks,
    private readonly beingMade: RunsBeingMade,
  ) {}

  async execute(request: RerunRequest, origin: Origin): Promise<RerunPlan> {
    const { job_id: jobId } = request;
    const job = await this.directory.get(jobId);
    const view = job.view();
    if (!isFinished(view.status)) {
      throw conflictOf(view, ['failed', 'cancelled', 'completed'], 'only of a job that is over a part can be run again');
    }
    if (view.total_tasks === null || view.executor === 'external') {
      throw new ProblemError(
        'STATE_CONFLICT',
        'The job has no tasks of which a part could be run again. To run it again: ./kintsugi retry',
      );
    }
    const { plan, planned } = await this.planned(request, job, view.total_tasks);
    if (request.dry_run) return plan;
    requireRunnable(plan);
    return this.beingMade.while(view, async () => {
      const run = await this.run(job, view, request, planned);
      await this.asked.note(jobId, 'rerun', origin);
      return { ...plan, run };
    });
  }

  /** Each task is looked at, so only some plans are made at once. */
  private async planned(
    request: RerunRequest,
    job: JobHandle,
    total: number,
  ): Promise<{ plan: RerunPlan; planned: PlannedRerun }> {
    if (this.plans === plansAtOnceMax) {
      throw new ProblemError('OVERLOADED', `${plansAtOnceMax} reruns are being planned already. Ask again in a moment.`);
    }
    this.plans += 1;
    try {
      const { labels, on_dependency_failure } = job.view();
      const { group_ids: groups } = request;
      const inGroups = groups && (await this.grouped.idsOf(request.job_id, groups));
      const selection = { ...request, jobLabels: labels, ...(inGroups ? { inGroups } : {}) };
      const unseen = new Set(request.task_ids);
      const table = await rerunTableOf(job, total, seeing(unseen, selectorOf(selection)));
      requireSeen(unseen, request.task_ids ?? []);
      const planned = planRerun(table, request, on_dependency_failure === 'run');
      return { plan: await planOf(request, job, table, planned), planned };
    } finally {
      this.plans -= 1;
    }
  }

  private async run(job: JobHandle, view: BatchJob, request: RerunRequest, { roles }: PlannedRerun): Promise<RerunPlan['run']> {
    const { last, status, retry_count } = await runsOf(view, this.jobs, this.directory);
    if (status !== undefined && !isFinished(status)) {
      throw runConflict({ id: last, status }, finishedJobStatuses, `The job is ${view.status}: it is run again`);
    }
    const pages = () => chunksToMake(job, view.total_tasks ?? 0, roles, request.parameters);
    const receipt = await this.copyJob.ofChunks(job, retry_count, pages, () => this.requireUnchanged(view));
    const { replayed: _, ...made } = receipt;
    return { ...made, retry_count };
  }

  /** A person may have had one of its tasks run again meanwhile. */
  private async requireUnchanged({ id, status, task_counts: counts }: BatchJob): Promise<void> {
    const now = (await this.directory.open(id))?.view();
    if (now?.status === status && JSON.stringify(now.task_counts) === JSON.stringify(counts)) return;
    throw new ProblemError('STATE_CONFLICT', 'The job has changed while it was planned. Nothing was made: plan it again.');
  }
}

/** The plan as people see it: of each list the first, by what they are called. */
async function planOf(
  request: RerunRequest,
  job: JobHandle,
  table: RerunTable,
  { roles, refused }: PlannedRerun,
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
  const listOf = <Item>(places: readonly number[], item: (place: number) => Item): { total: number; tasks: Item[] } => ({
    total: places.length,
    tasks: places.slice(0, limits.pageSize).map(item),
  });
  const ran = lists.rerun.filter((place) => table.hasRun(place));
  return {
    job_id: view.id,
    dry_run: request.dry_run,
    rerun: listOf(lists.rerun, (place) => ({ ...at(place), because: roles[place] as Rerun })),
    reuse: listOf(lists.reuse, at),
    left_out: listOf(lists.left_out, at),
    refused: {
      total: refused.length,
      tasks: named.map(({ task, parent }) => ({ ...at(task), waits_for: shown.get(parent)?.id ?? '' })),
    },
    estimated_run_ms: ran.length > 0 ? Math.round(ran.reduce((sum, place) => sum + table.tookMs(place), 0)) : null,
    warnings: rerunWarnings(view.safety, table, lists.rerun),
    run: null,
  };
}

function requireRunnable({ rerun, refused }: RerunPlan): void {
  if (refused.total > 0) {
    const [first] = refused.tasks;
    throw new ProblemError(
      'STATE_CONFLICT',
      `${refused.total} of the tasks wait for others that have not succeeded and are not selected, such as ${first?.task_id} for ${first?.waits_for}. Select those too, or ask for include_upstream. Nothing was made.`,
      {
        errors: [
          {
            path: 'data.include_upstream',
            rule: 'REQUIRED',
            got: 'false',
            allowed: 'true, or a selection with all that is waited for',
          },
        ],
      },
    );
  }
  if (rerun.total === 0) {
    throw new ProblemError(
      'STATE_CONFLICT',
      'Nothing is selected that could be run again. With dry_run you see what there is; only_failed: false selects what has succeeded too.',
    );
  }
}

async function* chunksToMake(
  job: JobHandle,
  total: number,
  roles: readonly RerunRole[],
  params: Record<string, unknown> | undefined,
): AsyncGenerator<MakeChunk[]> {
  let next = 0;
  for await (const chunks of chunksOf(job, total)) {
    yield chunks.map((chunk): MakeChunk => {
      const { from, to } = job.placesIn(chunk);
      const own = roles.slice(next, next + to - from);
      next += to - from;
      return (owner, sequence, at) => rerunChunk(owner, sequence, { chunk, from, to }, own, params, at);
    });
  }
}
