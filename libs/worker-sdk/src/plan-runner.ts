import {
  limits,
  placeOfTask,
  taskLineOf,
  taskProblem,
  faultsOfTask,
  duplicateTaskProblem,
  utf8Length,
  workerActor,
  type TaskInput,
} from '@kintsugi/contracts';
import { callAction, ownOrigin, type Bus } from '@kintsugi/messaging';
import type { HeldLease } from './held-lease.js';
import type { TaskContext, TaskHandler } from './task-context.js';
import { NonRetryable } from './task-error.js';

/** The job that a plan handler makes the tasks of. */
export interface PlannedJob {
  id: string;
  type: string;
  product_id: string;
  sending_group_id: string;
  user_id: string;
  labels: Record<string, string>;
}

export interface PlanContext {
  job: PlannedJob;
  signal: AbortSignal;
  log: (line: string) => void;
}

/** Gives the tasks of a job, as many as there are; they run once all of them have been given. */
export type PlanHandler = (context: PlanContext) => AsyncIterable<TaskInput> | Iterable<TaskInput>;

const underWayMax = 4;

/** The handler that runs a planning task: it sends the planned tasks in chunks to be kept until the plan is done. */
export function planningHandler(bus: () => Bus, fenceOf: (context: TaskContext) => number, plan: PlanHandler): TaskHandler {
  return async (context) => {
    const job = context.task.payload as PlannedJob;
    const staging = new PlanStaging(bus(), job.id, fenceOf(context), context.signal);
    let read = 0;
    for await (const task of plan({ job, signal: context.signal, log: context.log })) {
      context.signal.throwIfAborted();
      await staging.add(task);
      read += 1;
      if (read % 10_000 === 0) context.log(`${read} tasks planned`);
    }
    return staging.finish();
  };
}

/** The fence of the lease under which a planning task runs. */
export function fenceOfPlan(taskId: string, leases: Iterable<HeldLease>): number {
  const { chunkId } = placeOfTask(taskId);
  for (const { header } of leases) if (header.chunk_id === chunkId) return header.fence;
  throw new Error('The lease of this plan has passed to another worker.');
}

/** Gathers planned tasks into chunks and sends them, a few at once. */
class PlanStaging {
  private lines: string[] = [];
  private bytes = 0;
  private tasks = 0;
  private chunks = 0;
  private readonly ids = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();
  private failure: Error | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly jobId: string,
    private readonly fence: number,
    private readonly signal: AbortSignal,
  ) {}

  async add(task: TaskInput): Promise<void> {
    const path = `task ${this.tasks + 1} of the plan`;
    const faults = faultsOfTask(task, path);
    if (faults.length > 0) throw asNonRetryable(taskProblem(path, faults));
    if (task.depends_on?.length) {
      throw new NonRetryable(`${path}: tasks of a plan cannot wait for each other. Hand them in with the job.`, {
        error_type: 'plan.depends_on',
      });
    }
    if (task.id !== undefined) {
      if (this.ids.has(task.id)) throw asNonRetryable(duplicateTaskProblem(`${path}.id`, task.id));
      this.ids.add(task.id);
    }
    const line = lineOf(task, path);
    this.tasks += 1;
    if (this.tasks > limits.tasksPerJob) {
      throw new NonRetryable(`The plan has more than ${limits.tasksPerJob} tasks.`, { error_type: 'plan.too_many_tasks' });
    }
    const lineBytes = utf8Length(line) + 1;
    if (this.lines.length === limits.tasksPerChunk || this.bytes + lineBytes > limits.chunkBytes) await this.send();
    this.lines.push(line);
    this.bytes += lineBytes;
  }

  async finish(): Promise<{ tasks: number; chunks: number }> {
    if (this.lines.length > 0) await this.send();
    await Promise.all(this.underWay);
    if (this.failure) throw this.failure;
    return { tasks: this.tasks, chunks: this.chunks };
  }

  private async send(): Promise<void> {
    if (this.failure) throw this.failure;
    const data = {
      job_id: this.jobId,
      sequence: this.chunks,
      tasks: this.lines.join('\n'),
      count: this.lines.length,
      fence: this.fence,
    };
    this.chunks += 1;
    this.lines = [];
    this.bytes = 0;
    const sending = callAction(this.bus, 'stageTasks', data, {
      timeoutMs: 30_000,
      origin: ownOrigin(workerActor(`planner of ${this.jobId}`)),
    })
      .then(() => undefined)
      .catch((error: unknown) => {
        this.failure = error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
    // The first chunk makes job-service forget what an earlier planner sent: no other may overtake it.
    if (data.sequence === 0 || this.underWay.size >= underWayMax) await Promise.race(this.underWay);
    this.signal.throwIfAborted();
  }
}

function lineOf(task: TaskInput, path: string): string {
  try {
    return taskLineOf(task, path);
  } catch (error) {
    throw asNonRetryable(error as Error);
  }
}

function asNonRetryable(error: Error): NonRetryable {
  return new NonRetryable(error.message, { error_type: 'plan.task_invalid' }, { cause: error });
}
