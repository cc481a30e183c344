import { z } from 'zod';
import { limits } from '../limits.js';
import { dependencyFailureRules, safetyClasses, taskStates } from '../task/task-state.js';
import { childJobsSchema, lineageShape } from './child-job.js';
import { jobDependencySchema } from './job-dependencies.js';
import { concurrencySchema, rateLimitSchema, uniqueSchema } from './job-keys.js';
import { jobStatuses } from './job-status.js';
import { wedgeMarkSchema } from './wedge-mark.js';
import { jobIdPattern } from '../identifiers.js';

export const jobIdSchema = z
  .string()
  .regex(jobIdPattern, 'an id like job_01890a5d-ac96-774b-bcce-b302099a8057')
  .describe('The job.');

/** Printable text without control characters. */
export const nameSchema = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'text without control characters')
    // The same for tools that read no classes of Unicode, and no text with half a surrogate pair.
    .meta({ pattern: '^[^\\x00-\\x1f\\x7f-\\x9f]*$' });

export const jobTypeSchema = z
  .string()
  .min(1)
  .max(limits.typeLength)
  .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, 'letters, digits, dots, dashes and underscores, a letter first');

/** An error type, or all that start alike: a star anywhere but at the end would name nothing that its writer had in mind. */
export const errorTypesSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .regex(/^[^\p{Cc}\p{Cs}*]*\*?$/u, 'an error type, or a prefix such as smtp.*')
  .meta({ pattern: '^[^\\x00-\\x1f\\x7f-\\x9f*]*\\*?$' });

export const retrySettingsSchema = z.strictObject({
  max_attempts: z.int().min(1).max(limits.attempts).describe('Runs of a task, the first included.'),
  retry_interval: z
    .number()
    .min(0)
    .max(limits.retryDelaySeconds)
    .describe('Seconds before the first retry; how the waits grow from there is said by the policy of the error type.'),
  retry_on_errors: z
    .array(errorTypesSchema)
    .max(100)
    .describe('Error types that are retried, or prefixes such as smtp.*; empty means every type that can be retried.'),
});

export type RetrySettings = z.infer<typeof retrySettingsSchema>;

export const resourceLimitsSchema = z.strictObject({
  max_memory: z.number().positive().max(1_048_576).describe('Memory in MiB.'),
  max_cpu: z.number().positive().max(1_024).describe('CPU in cores.'),
});

export type ResourceLimits = z.infer<typeof resourceLimitsSchema>;

export const labelsSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(limits.labelKeyLength)
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.\-/]*$/, 'letters, digits and _.-/'),
    z.string().max(limits.labelValueLength),
  )
  .refine((labels) => Object.keys(labels).length <= limits.labels, `at most ${limits.labels} labels`)
  .meta({ maxProperties: limits.labels });

export type Labels = z.infer<typeof labelsSchema>;

/** `external`: somebody else, its producer, runs the job and reports it by updateBatchJob. */
export const executors = ['workers', 'external'] as const;

export type Executor = (typeof executors)[number];

/** How long the producer of an external job may be silent where the job does not say. */
export const STALLED_AFTER_S = 3_600;

export const detailedStatusSchema = z.object({
  current_phase: z.string().describe('What it is busy with, in a word.'),
  progress_percentage: z
    .number()
    .min(0)
    .max(100)
    .describe('Share of the tasks that have reached their end; of an external job what its producer reports.'),
  active_tasks: z.int().min(0).describe('Tasks that a worker holds.'),
  error_count: z.int().min(0).describe('Runs that failed, also those whose task has succeeded since.'),
});

export const taskCountsSchema = z
  .record(z.string(), z.int().min(0))
  .describe('Tasks by state; states without a task are absent.');

/** As a reader of a job gets them. */
export const everyTaskCountSchema = z
  .record(z.enum(taskStates as [string, ...string[]]), z.int().min(0))
  .describe('Tasks by state, all states told.');

export const latencySchema = z
  .object({ p50_ms: z.number().describe('Half took at most this.'), p99_ms: z.number().describe('99 of 100 took at most this.') })
  .nullable();

/** What the runs of a job add up to. */
export const runStatsSchema = z.object({
  retries: z.int().min(0).describe('Runs beyond the first of each task.'),
  recovered: z.int().min(0).describe('Tasks that succeeded after a failure.'),
  first_try: z.int().min(0).describe('Tasks that succeeded at their first run.'),
  task_ms: latencySchema.describe('Run time of the successful run; null before the first success.'),
  submit_to_done_ms: latencySchema.describe('From acceptance to the end of a task; null before the first success.'),
});

export type RunStats = z.infer<typeof runStatsSchema>;

/** What was asked for: the part of a job that never changes. */
export const jobOrderShape = {
  type: z.string().describe('Which handler runs its tasks.'),
  product_id: z.string().describe('The product that it is done for.'),
  sending_group_id: z.string().describe('The group that it is sent to.'),
  user_id: z.string().describe('Who asked for it.'),
  tenant: z.string().describe('Whose it is: the tenant of the API key that it came with.'),
  priority: z.int().describe('0 to 9; 9 goes first.'),
  max_parallel_tasks: z.int().nullable().describe('Tasks that may run at once; null: as many as the workers can run.'),
  retry_config: retrySettingsSchema
    .nullable()
    .describe('How its failures are retried; null: as the policy of their error type says.'),
  resource_limits: resourceLimitsSchema.nullable().describe('What one task may use; null where nothing was said.'),
  run_at: z.string().optional().describe('When its tasks may run at the earliest; absent where at once.'),
  deadline_at: z.string().optional().describe('When it has to be over; absent where it has as long as it takes.'),
  timeout_s: z.number().optional().describe('Seconds that one run of a task may take; absent where nothing was said.'),
  on_dependency_failure: z
    .enum(dependencyFailureRules)
    .optional()
    .describe('What becomes of a task, or of the job, that waits for one which is not done in the end; fail where absent.'),
  awaited_jobs: z
    .int()
    .optional()
    .describe('How many jobs it had to wait for when it was accepted; absent where it could begin at once.'),
  safety: z.enum(safetyClasses).describe('What may happen to a task after an unclear end.'),
  labels: z.record(z.string(), z.string()).describe('Words of yours to find it by.'),
  concurrency: concurrencySchema.optional().describe('How many tasks run at once across the jobs of its key.'),
  rate_limit: rateLimitSchema.optional().describe('How often tasks begin to run across the jobs of its key.'),
  unique: uniqueSchema
    .optional()
    .describe('The key that no other job of the tenant may hold with it, and in which states it does.'),
  ...lineageShape,
  original_job_id: z.string().optional().describe('The failed job that it is a retry of.'),
  retry_count: z
    .int()
    .optional()
    .describe('Which retry it is, counted from 1; of an external job how often it was to be retried.'),
  executor: z.enum(executors).optional().describe('external: its producer runs it. Absent where workers of the platform do.'),
  stalled_after_s: z
    .int()
    .optional()
    .describe('Of an external job: seconds without an update after which it fails as `job.stalled`.'),
};

export const statusFilterSchema = z
  .array(z.enum(jobStatuses))
  .max(jobStatuses.length)
  .describe(
    'Only jobs in one of these states. A job of one task is found as pending until it has ended: once it has begun, it is given as running. Its started_at comes with its end.',
  );

/** What may keep a job from going on. */
export const waitingReasons = ['NO_WORKER'] as const;

/** A job as every reader sees it. Times are ISO 8601 UTC. */
export const batchJobSchema = z.object({
  id: jobIdSchema,
  status: z.enum(jobStatuses).describe('The state that it is in.'),
  ...jobOrderShape,
  detailed_status: detailedStatusSchema.describe('How far it is.'),
  total_tasks: z.int().nullable().describe('All its tasks; null until a planned job has been planned.'),
  task_counts: everyTaskCountSchema,
  created_at: z.string().describe('When it was accepted.'),
  started_at: z
    .string()
    .nullable()
    .describe(
      'When its first task was given to a worker; of a job of one task, when the first run of that began. Null where nothing of it has run.',
    ),
  finished_at: z.string().nullable().describe('When nothing of it could run any more.'),
  version: z.int().optional().describe('Of an external job: rises with each change of it. HTTP tells it as ETag too.'),
  reported_at: z
    .string()
    .nullable()
    .optional()
    .describe('Of an external job: when its producer last reported; null when it never has.'),
  error: z
    .object({
      error_type: z.string().describe('The kind of failure: job.deadline, job.aborted or dependency.failed.'),
      error_message: z.string().describe('What happened.'),
    })
    .optional()
    .describe('Why it failed as a whole, or was skipped; absent where its tasks say why, and where it did not.'),
  depends_on: z
    .array(jobDependencySchema)
    .optional()
    .describe('The jobs that go before it. Absent where none do, and in lists, which are told from the history.'),
  waits_for: z
    .array(z.string())
    .optional()
    .describe('Those of depends_on that it still waits for; absent once it waits for none.'),
  child_jobs: childJobsSchema
    .optional()
    .describe('The jobs that its handlers have made. Absent where there are none, and in lists.'),
  retried_as: z.array(z.string()).optional().describe('Of a failed job: the jobs that are retries of it, oldest first.'),
  waiting_reason: z
    .enum(waitingReasons)
    .optional()
    .describe(
      'Why no more of it can start. NO_WORKER: it needs a worker for tasks of its type, or one that plans them, and none offers to be. Absent where nothing is in its way, and while job-service does not answer.',
    ),
  wedged: wedgeMarkSchema
    .optional()
    .describe(
      'It waits for what nothing that goes on will bring; see docs/wedges.md. Given of the first 1,000 such waits that were told. Absent otherwise, up to the first look after a start of job-service, and while that does not answer or cannot look.',
    ),
  trace_id: z
    .string()
    .optional()
    .describe('The trace of the request that made it. Absent where that was not traced, and in lists.'),
  trace_url: z.string().optional().describe('Where that trace is looked at. Absent without TRACE_URL_TEMPLATE, and in lists.'),
  run_stats: runStatsSchema
    .optional()
    .describe('What its runs add up to so far. Absent in lists, which are told from the history.'),
});

export type BatchJob = z.infer<typeof batchJobSchema>;
