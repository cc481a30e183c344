import { z } from 'zod';
import { DEFAULT_TENANT } from '../access/tenant.js';
import { detailedStatusSchema, jobOrderShape, latencySchema, resourceLimitsSchema, taskCountsSchema } from '../job/batch-job.js';
import { jobStatuses } from '../job/job-status.js';
import { groupEvents } from './group-events.js';
import { wedgeShape } from '../job/job-wedge.js';
import { runFactsShape } from '../task/run-facts.js';

const jobId = z.string().describe('The job.');
const taskId = z.string().describe('The task.');
const jobStatus = z.enum(jobStatuses).describe('The state that the job is in now.');
const actorName = z.string().describe('Who asked for it: the name of the API key, or `nats`.');
const totalTasks = z.int().nullable().describe('All tasks of the job; null until a planned job has been planned.');

/**
 * An event lists every aggregate that made the same move in one write: one job of many tasks, or all the
 * single-task jobs of a bundle that finished together. A reader always loops.
 */
const jobsOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ jobs: z.array(z.object({ job_id: jobId, ...shape })).describe('Every job that made this move in the same write.') });
const tasksOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({
    tasks: z
      .array(z.object({ task_id: taskId, job_id: jobId, ...shape }))
      .describe('Every task that made this move in the same write.'),
  });

/** How a job ended, with all that a reader of history needs. What is nothing for most jobs may be left out. */
const endingShape = {
  status: jobStatus,
  started_at: z
    .string()
    .nullable()
    .describe('When its first task was given to a worker; of a job of one task, when the first run of that began.'),
  finished_at: z.string().nullable().describe('When nothing of it could run any more.'),
  total_tasks: totalTasks,
  task_counts: taskCountsSchema,
  retries: z.int().default(0).describe('Runs beyond the first of each task.'),
  recovered: z.int().default(0).describe('Tasks that succeeded after a failure.'),
  first_try: z.int().describe('Tasks that succeeded at their first run.'),
  error_types: z.record(z.string(), z.int()).default({}).describe('Failures by error type.'),
  error_count: z.int().optional().describe('Runs that failed; left out where it is the sum of error_types.'),
  task_ms: latencySchema.describe('Run time of the successful run.'),
  submit_to_done_ms: latencySchema.describe('From acceptance to the end of the task.'),
  progress_percentage: z
    .number()
    .optional()
    .describe('How far an external job was. Left out of jobs that workers ran: all of their tasks had reached their end.'),
};

const headShape = {
  ...jobOrderShape,
  tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
  max_parallel_tasks: jobOrderShape.max_parallel_tasks.default(null),
  retry_config: jobOrderShape.retry_config.default(null),
  resource_limits: jobOrderShape.resource_limits.default(null),
  labels: jobOrderShape.labels.default({}),
  total_tasks: totalTasks,
  created_at: z.string().describe('When it was accepted.'),
};

const failureShape = {
  job_type: z.string().describe('The type of its job.'),
  tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
  safety: jobOrderShape.safety,
  attempt: z.int().describe('The run that failed, counted from 1.'),
  failures: z.int().describe('How many runs have failed so far, this one included.'),
  error_type: z.string().describe('The kind of failure, such as `smtp.451` or `net.timeout`.'),
  error_message: z.string().describe('What the handler said.'),
  stack_trace: z.string().optional().describe('Where in the handler it happened.'),
  non_retryable: z.boolean().describe('The handler says that another try cannot help.'),
  retry_after_ms: z.int().nullable().describe('The handler knows when another try makes sense.'),
  failed_at: z.string().describe('When the run ended.'),
  ...runFactsShape,
  retry_config: jobOrderShape.retry_config,
  labels: jobOrderShape.labels.optional().describe('Labels of its job; left out where there are none.'),
  deadline_at: z.string().optional().describe('When its job has to be over; left out where nothing was said.'),
};

/** Every event, once: its name, what it says and who emits it. The wire type is `kintsugi.<name>.v1`. */
export const eventCatalogue = {
  'job.created': { source: 'job-service', about: 'A job was accepted and is safe.', data: jobsOf(headShape) },
  'job.planned': {
    source: 'job-service',
    about: 'The plan handler has made the tasks of a job.',
    data: jobsOf({ total_tasks: z.int().describe('All tasks of the job.') }),
  },
  'job.started': {
    source: 'job-service',
    about: 'The first task of a job was given to a worker.',
    data: jobsOf({ started_at: z.string().describe('When the worker was given it.') }),
  },
  'job.progressed': {
    source: 'job-service',
    about: 'A running job has moved; at most twice a second, and not kept for a crash.',
    data: jobsOf({
      status: jobStatus,
      total_tasks: totalTasks,
      task_counts: taskCountsSchema,
      detailed_status: detailedStatusSchema.describe('How far it is.'),
    }),
  },
  'job.paused': {
    source: 'job-service',
    about: 'A person has paused the job: none of its tasks is given to a worker until it is resumed.',
    data: jobsOf({
      status: jobStatus,
      by: actorName,
      stopped: z.boolean().describe('Whether what ran was asked to stop and is handed back.'),
    }),
  },
  'job.resumed': {
    source: 'job-service',
    about: 'A person lets the paused job go on.',
    data: jobsOf({ status: jobStatus, by: actorName }),
  },
  'job.reprioritised': {
    source: 'job-service',
    about: 'A person has given a job that has something to run another priority.',
    data: jobsOf({ status: jobStatus, by: actorName, priority: z.int().min(0).max(9).describe('0 to 9; 9 goes first.') }),
  },
  'job.released': {
    source: 'job-service',
    about: 'The time has come from which the tasks of a scheduled job may run, or all that it waited for has ended.',
    data: jobsOf({ status: jobStatus }),
  },
  'job.outsized': {
    source: 'job-service',
    about:
      'One task of the job may use more than any worker of its type has: they wait until there is such a worker. Not kept for a crash.',
    data: jobsOf({ resource_limits: resourceLimitsSchema.describe('What one task may use.') }),
  },
  'job.wedged': {
    source: 'job-service',
    about: 'As things stand the jobs cannot end. Told once, of the first hundred jobs that are held up by the same thing.',
    data: jobsOf(wedgeShape),
  },
  'job.unwedged': {
    source: 'job-service',
    about: 'What kept the jobs from ending is over: those of which job.wedged had told.',
    data: jobsOf({ ...wedgeShape, wedged_at: z.string().describe('When job.wedged was told.') }),
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
    data: jobsOf({ status: jobStatus }),
  },
  'job.faulted': {
    source: 'job-service',
    about: 'The producer of an external job has reported an error, or was silent for too long.',
    data: jobsOf({
      job_type: z.string().describe('The type of the job.'),
      tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
      fault: z.int().min(1).describe('Which error of the job it is, counted from 1.'),
      error_type: z.string().describe('The kind of failure, such as `smtp.451`; job.stalled: nothing was reported for too long.'),
      error_message: z.string().describe('What went wrong.'),
      stack_trace: z.string().optional().describe('Where it went wrong.'),
      failed_at: z.string().describe('When it was reported.'),
    }),
  },
  'job.cancel_requested': {
    source: 'job-service',
    about: 'A person cancels an external job: its producer is asked to stop it and to report `cancelled`.',
    data: jobsOf({ status: jobStatus, by: actorName }),
  },
  'job.retry_requested': {
    source: 'job-service',
    about: 'A person wants a failed external job tried again: its producer is asked to run it and to report `running`.',
    data: jobsOf({
      status: jobStatus,
      by: actorName,
      retry_count: z.int().min(1).describe('How often that was asked for, this time included.'),
    }),
  },
  'job.deleted': {
    source: 'job-service',
    about: 'The job was deleted: nothing of it is kept any more.',
    data: jobsOf({ by: actorName }),
  },
  'schedule.missed': {
    source: 'job-service',
    about: 'Ticks of a schedule made no job, because nobody was there to keep them.',
    data: z.object({
      schedules: z
        .array(
          z.object({
            name: z.string().describe('The schedule.'),
            tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
            ticks: z.int().min(1).describe('Ticks that were missed since it was told last.'),
            missed: z.int().min(1).describe('All that were missed, these included.'),
            last_tick: z.string().nullable().describe('The last tick that was kept or passed over.'),
            next_at: z.string().nullable().describe('The next tick; null when there is none.'),
          }),
        )
        .describe('Every schedule of which ticks were missed.'),
    }),
  },
  'task.failed': {
    source: 'job-service',
    about: 'A run of a task failed; recovery-service decides what follows.',
    data: tasksOf(failureShape),
  },
  'task.lost': {
    source: 'job-service',
    about: 'A worker was lost and the task may not run again by itself: its outcome is unknown, or it keeps losing workers.',
    data: tasksOf({ ...failureShape, state: z.enum(['outcome_unknown', 'quarantined']).describe('What became of the task.') }),
  },
  'task.recovered': {
    source: 'job-service',
    about: 'A task that had failed has succeeded.',
    data: tasksOf({
      attempt: z.int().describe('The run that succeeded, counted from 1.'),
      recovered_at: z.string().describe('When it succeeded.'),
      verified: z.literal(true).optional().describe("Its handler's check has passed; left out where it has none."),
    }),
  },
  ...groupEvents,
} as const satisfies Record<string, { source: string; about: string; data: z.ZodType }>;

/** What the producer of an external job is told, and tells. */
type ProducerEventName = 'job.faulted' | 'job.cancel_requested' | 'job.retry_requested';

export type EventName = keyof typeof eventCatalogue;

/** What chunks tell: of bundled jobs, and of tasks. */
export type ChunkEventName = Exclude<
  EventName,
  | 'job.planned'
  | 'job.released'
  | 'job.started'
  | 'job.progressed'
  | 'job.outsized'
  | 'job.wedged'
  | 'job.unwedged'
  | 'job.deleted'
  | 'group.regressed'
  | 'group.reopened'
  | 'schedule.missed'
  | ProducerEventName
>;

/** What an event says once it is read: what was left out has its default. */
export type EventData<Name extends EventName> = z.output<(typeof eventCatalogue)[Name]['data']>;
/** What it says on its way. */
export type EventInput<Name extends EventName> = z.input<(typeof eventCatalogue)[Name]['data']>;

export function eventType(name: EventName): string {
  return `kintsugi.${name}.v1`;
}

/** The name in a wire type, or null for an event that this version does not know. */
export function eventNameOf(type: string): EventName | null {
  const name = /^kintsugi\.(.+)\.v1$/.exec(type)?.[1];
  return name !== undefined && Object.hasOwn(eventCatalogue, name) ? (name as EventName) : null;
}

type JobEventName = Extract<EventName, `job.${string}`>;

/** The events that say how a job ended. */
export const endingEvents = ['job.completed', 'job.failed', 'job.cancelled'] as const satisfies JobEventName[];

export type JobEnding = EventData<'job.completed'>['jobs'][number];
export type JobEndingInput = EventInput<'job.completed'>['jobs'][number];
export type CreatedJob = EventData<'job.created'>['jobs'][number];
export type JobHeadInput = EventInput<'job.created'>['jobs'][number];
export type FailedTask = EventData<'task.failed'>['tasks'][number];
export type JobWedge = EventData<'job.wedged'>['jobs'][number];
export type JobFault = EventData<'job.faulted'>['jobs'][number];
export type LostTask = EventData<'task.lost'>['tasks'][number];
