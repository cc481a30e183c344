import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  isFinished,
  limits,
  parentIdsIn,
  type BatchJob,
  type RerunPartial as RerunRequest,
  type RerunPlan,
  type TaskInput,
} from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobHandle } from '../../directory/job-handle.js';
import { CopyJob, chunksOf } from '../../intake/commands/copy-job.js';
import type { MakeChunk } from '../../intake/commands/chunked-intake.js';
import { JobRecords } from '../../jobs/job-records.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { isHeldByOthers } from '../../tasks/domain/dependency-moves.js';
import { isRerun, planRerun, type PlannedRerun, type RerunRole, type RerunTask } from '../domain/plan-rerun.js';
import { rerunChunk } from '../domain/rerun-chunk.js';
import { rerunWarnings } from '../domain/rerun-warnings.js';
import { AskedMoves } from '../mongo/asked-moves.js';
import { conflictOf } from '../state-conflict.js';
import { runsOf } from '../runs-of-job.js';

/**
 * Runs a part of a job again that is over, as a new job that keeps what has succeeded: planned from how its tasks stand, and made
 * only where they still stand so once all of it is stored.
 */
@Injectable()
export class RerunPartial {
  private readonly underWay = new Set<string>();

  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
    private readonly copyJob: CopyJob,
    private readonly asked: AskedMoves,
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
    const tasks = await tasksOf(job, view.total_tasks);
    const planned = planRerun(tasks, request, view.on_dependency_failure === 'run');
    const plan = planOf(request, view, tasks, planned);
    if (request.dry_run) return plan;
    requireRunnable(plan);
    if (this.underWay.has(jobId)) throw conflictOf(view, [view.status], 'it is just being run again');
    this.underWay.add(jobId);
    try {
      const run = await this.run(job, view, request, planned);
      await this.asked.note(jobId, 'rerun', origin);
      return { ...plan, run };
    } finally {
      this.underWay.delete(jobId);
    }
  }

  private async run(job: JobHandle, view: BatchJob, request: RerunRequest, { roles }: PlannedRerun): Promise<RerunPlan['run']> {
    const { last, status, retry_count } = await runsOf(view, this.jobs, this.directory);
    if (status !== undefined && !isFinished(status)) {
      throw conflictOf(view, [view.status], `it is run again as ${last}, which is ${status}`);
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

/** Its tasks as they stand, in their order. */
async function tasksOf(job: JobHandle, total: number): Promise<RerunTask[]> {
  const tasks: RerunTask[] = [];
  const waiting: { at: number; parents: readonly string[] }[] = [];
  const byKey = new Map<string, number>();
  for await (const chunks of chunksOf(job, total)) {
    for (const chunk of chunks) {
      const { from, to } = job.placesIn(chunk);
      for (let index = from; index < to; index += 1) {
        const line = chunk.lines?.[index] ?? '{}';
        const task = taskAt(chunk, index, line);
        if (task.key !== null) byKey.set(task.key, tasks.length);
        const parents = parentIdsIn(line);
        if (parents.length > 0) waiting.push({ at: tasks.length, parents });
        tasks.push(task);
      }
    }
  }
  for (const { at, parents } of waiting) {
    (tasks[at] as RerunTask).parents = [...new Set(parents)].flatMap((key) => byKey.get(key) ?? []);
  }
  return tasks;
}

function taskAt(chunk: Chunk, index: number, line: string): RerunTask {
  const { id: key = null, payload } = JSON.parse(line) as TaskInput;
  const { extras, attempts, tookUs } = chunk.state;
  const dataType = (payload as { data_type?: unknown } | null | undefined)?.data_type;
  return {
    id: chunk.taskId(index),
    key,
    state: chunk.stateOf(index),
    isHeld: isHeldByOthers(chunk, index),
    errorType: extras.errors[index]?.error_type ?? null,
    dataType: typeof dataType === 'string' ? dataType : null,
    attempts: attempts[index] ?? 0,
    tookMs: (tookUs[index] ?? 0) / 1000,
    parents: [],
  };
}

function planOf(request: RerunRequest, view: BatchJob, tasks: readonly RerunTask[], { roles, refused }: PlannedRerun): RerunPlan {
  const places = [...tasks.keys()];
  const shown = (task: RerunTask): { task_id: string; key: string | null; state: RerunTask['state'] } => ({
    task_id: task.id,
    key: task.key,
    state: task.state,
  });
  const listOf = <Item>(of: readonly number[], item: (at: number) => Item): { total: number; tasks: Item[] } => ({
    total: of.length,
    tasks: of.slice(0, limits.pageSize).map(item),
  });
  const rerun = places.filter((at) => isRerun(roles[at]));
  const ran = rerun.map((at) => tasks[at] as RerunTask).filter(({ attempts }) => attempts > 0);
  return {
    job_id: view.id,
    dry_run: request.dry_run,
    rerun: listOf(rerun, (at) => ({
      ...shown(tasks[at] as RerunTask),
      because: roles[at] as Extract<RerunRole, 'selected' | 'downstream' | 'upstream'>,
    })),
    reuse: listOf(
      places.filter((at) => roles[at] === 'reuse'),
      (at) => shown(tasks[at] as RerunTask),
    ),
    left_out: listOf(
      places.filter((at) => roles[at] === 'left_out'),
      (at) => shown(tasks[at] as RerunTask),
    ),
    refused: {
      total: refused.length,
      tasks: refused.slice(0, limits.pageSize).map(({ task, parent }) => ({
        ...shown(tasks[task] as RerunTask),
        waits_for: tasks[parent]?.id ?? '',
      })),
    },
    estimated_run_ms: ran.length > 0 ? Math.round(ran.reduce((sum, { tookMs }) => sum + tookMs, 0)) : null,
    warnings: rerunWarnings(
      view.safety,
      rerun.map((at) => tasks[at] as RerunTask),
    ),
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
