import { z } from 'zod';
import { detailedStatusSchema, retrySettingsSchema, taskCountsSchema } from '../job/batch-job.js';
import { jobStatuses } from '../job/job-status.js';
import { safetyClasses } from '../task/task-state.js';

/**
 * An event lists every aggregate that made the same move in one write: one job of many tasks, or all the
 * single-task jobs of a bundle that finished together. A reader always loops.
 */
const jobsOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ jobs: z.array(z.object({ job_id: z.string(), ...shape })) });
const tasksOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ tasks: z.array(z.object({ task_id: z.string(), job_id: z.string(), ...shape })) });

const latencySchema = z.object({ p50_ms: z.number(), p99_ms: z.number() }).nullable();

/** How a job ended, with all that a reader of history needs. */
const endingShape = {
  status: z.enum(jobStatuses),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  total_tasks: z.int().nullable(),
  task_counts: taskCountsSchema,
  detailed_status: detailedStatusSchema,
  /** Runs beyond the first, and tasks that succeeded after a failure. */
  retries: z.int(),
  recovered: z.int(),
  first_try: z.int().describe('tasks that succeeded at their first run'),
  error_types: z.record(z.string(), z.int()).describe('failures by error type'),
  task_ms: latencySchema.describe('run time of the successful run'),
  submit_to_done_ms: latencySchema.describe('from acceptance to the end of the task'),
};

const headShape = {
  type: z.string(),
  product_id: z.string(),
  sending_group_id: z.string(),
  user_id: z.string(),
  priority: z.int(),
  max_parallel_tasks: z.int().nullable(),
  retry_config: retrySettingsSchema.nullable(),
  resource_limits: z.object({ max_memory: z.number(), max_cpu: z.number() }).nullable(),
  safety: z.enum(safetyClasses),
  labels: z.record(z.string(), z.string()),
  total_tasks: z.int().nullable(),
  created_at: z.string(),
};

const failureShape = {
  job_type: z.string(),
  safety: z.enum(safetyClasses),
  /** The run that failed, counted from 1, and how many runs have failed so far. */
  attempt: z.int(),
  failures: z.int(),
  error_type: z.string(),
  error_message: z.string(),
  stack_trace: z.string().optional(),
  non_retryable: z.boolean(),
  retry_after_ms: z.int().nullable(),
  failed_at: z.string(),
  retry_config: retrySettingsSchema.nullable(),
};

/** Every event, once: its name, what it says and who emits it. The wire type is `kintsugi.<name>.v1`. */
export const eventCatalogue = {
  'job.created': { source: 'job-service', about: 'A job was accepted and is safe.', data: jobsOf(headShape) },
  'job.planned': {
    source: 'job-service',
    about: 'The plan handler has made the tasks of a job.',
    data: jobsOf({ total_tasks: z.int() }),
  },
  'job.started': {
    source: 'job-service',
    about: 'The first task of a job was given to a worker.',
    data: jobsOf({ started_at: z.string() }),
  },
  'job.progressed': {
    source: 'job-service',
    about: 'A running job has moved; at most twice a second, and not kept for a crash.',
    data: jobsOf({
      status: z.enum(jobStatuses),
      total_tasks: z.int().nullable(),
      task_counts: taskCountsSchema,
      detailed_status: detailedStatusSchema,
    }),
  },
  'job.completed': { source: 'job-service', about: 'Every task succeeded or was skipped by rule.', data: jobsOf(endingShape) },
  'job.failed': {
    source: 'job-service',
    about: 'At least one task is dead and nothing more can run.',
    data: jobsOf(endingShape),
  },
  'job.cancelled': {
    source: 'job-service',
    about: 'A person cancelled the job and nothing of it runs any more.',
    data: jobsOf(endingShape),
  },
  'job.recovered': {
    source: 'job-service',
    about: 'Dead tasks of a failed job are being run again: it is recovering.',
    data: jobsOf({ status: z.enum(jobStatuses) }),
  },
  'task.failed': {
    source: 'job-service',
    about: 'A run of a task failed; recovery-service decides what follows.',
    data: tasksOf(failureShape),
  },
  'task.lost': {
    source: 'job-service',
    about: 'A worker was lost and the task may not run again by itself: its outcome is unknown, or it keeps losing workers.',
    data: tasksOf({ ...failureShape, state: z.enum(['outcome_unknown', 'quarantined']) }),
  },
  'task.recovered': {
    source: 'job-service',
    about: 'A task that had failed has succeeded.',
    data: tasksOf({ attempt: z.int(), recovered_at: z.string() }),
  },
} as const satisfies Record<string, { source: string; about: string; data: z.ZodType }>;

export type EventName = keyof typeof eventCatalogue;

export type EventData<Name extends EventName> = z.infer<(typeof eventCatalogue)[Name]['data']>;

export function eventType(name: EventName): string {
  return `kintsugi.${name}.v1`;
}

/** The name in a wire type, or null for an event that this version does not know. */
export function eventNameOf(type: string): EventName | null {
  const name = /^kintsugi\.(.+)\.v1$/.exec(type)?.[1];
  return name !== undefined && name in eventCatalogue ? (name as EventName) : null;
}

type JobEventName = Extract<EventName, `job.${string}`>;

/** The events that say how a job ended. */
export const endingEvents = ['job.completed', 'job.failed', 'job.cancelled'] as const satisfies JobEventName[];

export type JobEnding = EventData<'job.completed'>['jobs'][number];
export type JobHeadFact = EventData<'job.created'>['jobs'][number];
export type TaskFailureFact = EventData<'task.failed'>['tasks'][number];
export type TaskLossFact = EventData<'task.lost'>['tasks'][number];
