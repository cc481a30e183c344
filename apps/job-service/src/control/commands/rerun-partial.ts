import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  finishedJobStatuses,
  isFinished,
  type BatchJob,
  type RerunPartial as RerunRequest,
  type RerunPlan,
} from '@kintsugi/contracts';
import { Turns } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { CopyJob } from '../../intake/commands/copy-job.js';
import { JobRecords } from '../../jobs/job-records.js';
import { chunksToMake, type PlannedChunks } from '../chunks-of-rerun.js';
import { planRerun } from '../domain/plan-rerun.js';
import { requireSeen, seeing, selectorOf } from '../domain/select-for-rerun.js';
import { GroupedTasks } from '../grouped-tasks.js';
import { contentKeysOf } from '../known-runs.js';
import { LatestDefinition, originalDefinition } from '../latest-definition.js';
import { Lineage } from '../lineage.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { planOf } from '../rerun-answer.js';
import { rerunTableOf } from '../rerun-reader.js';
import { RunsBeingMade } from '../runs-being-made.js';
import { runsOf } from '../runs-of-job.js';
import { conflictOf, runConflict } from '../state-conflict.js';

const plansAtOnceMax = 4;

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
    private readonly lineage: Lineage,
    private readonly latest: LatestDefinition,
    private readonly turns: Turns,
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
    const { plan, chunks } = await this.planned(request, job, view.total_tasks);
    if (request.dry_run) return plan;
    requireRunnable(plan, request);
    return this.beingMade.while(view, async () => {
      const run = await this.run(job, view, chunks);
      await this.asked.note(jobId, 'rerun', origin);
      return { ...plan, run };
    });
  }

  /** Each task is looked at, so only some plans are made at once. */
  private async planned(
    request: RerunRequest,
    job: JobHandle,
    total: number,
  ): Promise<{ plan: RerunPlan; chunks: PlannedChunks }> {
    if (this.plans === plansAtOnceMax) {
      throw new ProblemError('OVERLOADED', `${plansAtOnceMax} reruns are being planned already. Ask again in a moment.`);
    }
    this.plans += 1;
    try {
      return await this.planOf(request, job, total);
    } finally {
      this.plans -= 1;
    }
  }

  private async planOf(
    request: RerunRequest,
    job: JobHandle,
    total: number,
  ): Promise<{ plan: RerunPlan; chunks: PlannedChunks }> {
    const { labels, on_dependency_failure } = job.view();
    const { group_ids: groups, parameters } = request;
    // Laying nothing over a payload leaves it as it is, also where it is no object.
    const params = Object.keys(parameters ?? {}).length > 0 ? parameters : undefined;
    const inGroups = groups && (await this.grouped.idsOf(request.job_id, groups));
    const selection = { ...request, jobLabels: labels, ...(inGroups ? { inGroups } : {}) };
    const unseen = new Set(request.task_ids);
    const table = await rerunTableOf(job, total, seeing(unseen, selectorOf(selection)));
    requireSeen(unseen, request.task_ids ?? []);
    const isLatest = request.definition === 'latest';
    const runs = isLatest || request.reuse === 'unchanged' ? await this.lineage.runsLike(job, total) : [];
    const definition = isLatest ? await this.latest.of(job, total, runs) : originalDefinition(job);
    const keys =
      request.reuse === 'unchanged' ? await this.turns.run(await contentKeysOf(job, table, runs, definition, params)) : undefined;
    const runsAnyway = (definition.head ?? { on_dependency_failure }).on_dependency_failure === 'run';
    const planned = planRerun(table, request, runsAnyway, keys);
    const reused = keys ? await this.turns.run(keys.reused(planned)) : null;
    const plan = await planOf(request, job, { table, planned, reused, definition });
    const byId = new Map(runs.map((run) => [run.id, run]));
    const heldBy = (at: number): JobHandle | undefined => {
      const id = reused?.heldBy(at)?.jobId;
      return id === undefined || id === job.id ? undefined : byId.get(id);
    };
    return { plan, chunks: { roles: planned.roles, definition, heldBy, params } };
  }

  private async run(job: JobHandle, view: BatchJob, planned: PlannedChunks): Promise<RerunPlan['run']> {
    const { last, status, retry_count } = await runsOf(view, this.jobs, this.directory);
    if (status !== undefined && !isFinished(status)) {
      throw runConflict({ id: last, status }, finishedJobStatuses, `The job is ${view.status}: it is run again`);
    }
    const pages = () => chunksToMake(job, view.total_tasks ?? 0, planned);
    const { head } = planned.definition;
    const receipt = await this.copyJob.ofChunks(job, retry_count, pages, () => this.requireUnchanged(view), head ?? {});
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

function requireRunnable({ rerun, refused }: RerunPlan, { reuse }: Pick<RerunRequest, 'reuse'>): void {
  if (refused.total > 0) {
    const [first] = refused.tasks;
    throw new ProblemError(
      'STATE_CONFLICT',
      `${refused.total} of the tasks wait for others that ${first?.because === 'changed' ? 'were made of other inputs' : 'have not succeeded'} and are not selected, such as ${first?.task_id} for ${first?.waits_for}. Select those too, or ask for include_upstream. Nothing was made.`,
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
      reuse === 'unchanged'
        ? 'Nothing is selected that has to run again: what is, has been made of the same inputs before. With reuse: succeeded it runs all the same.'
        : 'Nothing is selected that could be run again. With dry_run you see what there is; only_failed: false selects what has succeeded too.',
    );
  }
}
