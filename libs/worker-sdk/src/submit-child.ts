import {
  checkJobValue,
  isJobDefinition,
  workerActor,
  type ActionInput,
  type CreateJobInput,
  type JobDefinition,
  type JobReceipt,
  type TaskOf,
} from '@kintsugi/contracts';
import { callAction, ownOrigin, type Bus } from '@kintsugi/messaging';
import type { HandedTask } from './task-context.js';
import { NonRetryable } from './task-error.js';

const timeoutMs = 60_000;

/** A job that a handler makes. */
export type ChildJob = Omit<CreateJobInput, 'validate_only' | 'idempotency_key' | 'user_id'>;

/** A job of a definition: its payloads are typed, and checked before anything is sent. */
export type ChildJobOf<Definition extends JobDefinition> = Omit<ChildJob, 'type' | 'tasks'> & {
  type: Definition;
  tasks?: TaskOf<Definition>[];
};

export interface ChildOptions {
  /** Tells it from other jobs of the task, up to 128 characters; by how many the run has made before when left out. */
  name?: string;
  /** What befalls it with the job of the task; nothing when left out. */
  with_parent?: ('cancel' | 'delete')[];
}

/** Sends a child of a task, under a name that is the same at each attempt. */
export type SubmitChild = (
  task: HandedTask,
  job: ChildJob,
  name: string,
  options: ChildOptions,
  traceparent?: string,
) => Promise<JobReceipt>;

/** Has the jobs that handlers ask for made by job-service, which knows whose they are. */
export function submitChildBy(bus: Bus, workerId: string): SubmitChild {
  return (task, job, name, { with_parent = [] }, traceparent) => {
    const request: ActionInput<'createChildJob'> = { job_id: task.job_id, task_id: task.id, name, with_parent, job };
    const origin = { ...ownOrigin(workerActor(workerId)), ...(traceparent === undefined ? {} : { traceparent }) };
    return callAction(bus, 'createChildJob', request, { timeoutMs, origin });
  };
}

/** The job as it is sent. Throws NonRetryable where a payload does not fit its definition. */
export async function plainChild(job: ChildJob | ChildJobOf<JobDefinition>): Promise<ChildJob> {
  const { type } = job;
  if (!isJobDefinition(type)) return job as ChildJob;
  const tasks = (job.tasks ?? []) as TaskOf<JobDefinition>[];
  for (const [place, { payload }] of tasks.entries()) {
    const checked = await checkJobValue(type.payload, payload, `tasks[${place}].payload`);
    if (checked.fault === undefined) continue;
    throw new NonRetryable(`A task does not fit the job ${type.type}: ${checked.fault}`, { error_type: 'child.task_invalid' });
  }
  return { ...job, type: type.type };
}

/** The name of a child: as it was given, or by how many came before. No given name can be taken for a place. */
export function nameOfChild(given: string | undefined, place: number): string {
  if (given === undefined) return `#${place}`;
  if (given.startsWith('#')) throw new TypeError(`A name of a job must not begin with #: ${given.slice(0, 100)}`);
  return given;
}
