import { z } from 'zod';
import { limits } from '../limits.js';
import { taskPageSchema } from '../task/task.js';
import { dependencyFailureRules, safetyClasses, taskStates } from '../task/task-state.js';
import { taskInputSchema } from '../task/task-input.js';
import {
  STALLED_AFTER_S,
  batchJobSchema,
  executors,
  jobIdSchema,
  jobTypeSchema,
  labelsSchema,
  nameSchema,
  resourceLimitsSchema,
  retrySettingsSchema,
  statusFilterSchema,
} from './batch-job.js';
import { queueSchema } from '../worker/work-slice.js';
import { givenDependenciesSchema } from './job-dependencies.js';
import { concurrencySchema, rateLimitSchema, uniqueSchema } from './job-keys.js';
import { jobStatuses } from './job-status.js';
import { pageOf, pageShape } from '../page.js';
import { timeSchema } from '../period.js';

export const idempotencyKeySchema = z
  .string()
  .min(1)
  .max(limits.idempotencyKeyLength)
  .regex(/^[\x20-\x7e]+$/, 'printable ASCII');

const jobFields = {
  product_id: nameSchema(limits.idLength).describe('The product that it is done for.'),
  sending_group_id: nameSchema(limits.idLength).describe('The group that it is sent to.'),
  user_id: nameSchema(limits.idLength).optional().describe('Who asked; the API key id when absent.'),
  type: jobTypeSchema.optional().describe('Which handler runs the tasks; DEFAULT_JOB_TYPE when absent.'),
  priority: z.int().min(0).max(9).default(5).describe('0 to 9; 9 goes first.'),
  max_parallel_tasks: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('Tasks that may run at once; as many as the workers can when absent.'),
  retry_config: retrySettingsSchema
    .optional()
    .describe('How its failures are retried: it goes before the policy of their error type, which holds when it is absent.'),
  resource_limits: resourceLimitsSchema
    .optional()
    .describe(
      'What one task may use: a worker is given no more of them at once than it has memory and cores for, and a command (execute_cli) that uses more is stopped.',
    ),
  run_at: timeSchema
    .optional()
    .describe('When its tasks may run at the earliest; at once when absent, or when the time has passed.'),
  deadline_at: timeSchema
    .optional()
    .describe('When the job has to be over: what is left of it then is stopped, and it fails as job.deadline.'),
  timeout_s: z
    .number()
    .min(1)
    .max(limits.timeoutSeconds)
    .optional()
    .describe(
      'Seconds that one run of a task may take: after that it is stopped and fails as task.timeout. As long as it takes when absent.',
    ),
  safety: z
    .enum(safetyClasses)
    .default('idempotent')
    .describe('idempotent and keyed tasks run again after an unclear end; unsafe ones never by themselves.'),
  depends_on: givenDependenciesSchema
    .optional()
    .describe(
      'Jobs that go before it: none of its tasks runs until all of them are completed or, with on: finished, have ended.',
    ),
  on_dependency_failure: z
    .enum(dependencyFailureRules)
    .optional()
    .describe(
      'What becomes of a task that waits for one which is not done in the end: it fails too (fail, when absent), is skipped, or runs all the same. Of the job itself, where it waits for a job that is not completed: it fails, is cancelled, or runs.',
    ),
  labels: labelsSchema.default({}).describe('Words of yours to find it by.'),
  executor: z
    .enum(executors)
    .optional()
    .describe('external: you run the job and report it by updateBatchJob; it has no tasks here. Workers run it when absent.'),
  stalled_after_s: z
    .int()
    .min(1)
    .max(limits.stalledAfterSeconds)
    .optional()
    .describe(`With executor external: seconds without an update after which the job fails; ${STALLED_AFTER_S} when absent.`),
  concurrency: concurrencySchema.optional().describe('Bounds the tasks that run at once across all jobs of one key.'),
  rate_limit: rateLimitSchema.optional().describe('Bounds how often tasks begin to run, across all jobs of one key.'),
  unique: uniqueSchema.optional().describe('Keeps a second job from being made while one of the same key is there.'),
  idempotency_key: idempotencyKeySchema.optional().describe('The same key makes one job, for seven days.'),
  validate_only: z.boolean().optional().describe('Answer what would happen, rule by rule, and store nothing.'),
};

/** A job without its tasks: what an upload's first line carries. */
export const jobHeadSchema = z.strictObject(jobFields);

export const createJobSchema = z.strictObject({
  ...jobFields,
  tasks: z
    .array(taskInputSchema)
    .min(1)
    .max(limits.inlineTasks)
    .optional()
    .describe('Left out, the plan handler of the type makes the tasks.'),
});

export type JobHead = z.output<typeof jobHeadSchema>;
export type CreateJob = z.output<typeof createJobSchema>;
export type CreateJobInput = z.input<typeof createJobSchema>;

export const jobReceiptSchema = z.object({
  job_id: jobIdSchema,
  status: z.enum(jobStatuses).describe('The state that it is in.'),
  total_tasks: z.int().nullable().describe('All its tasks; null while a plan handler is still to make them.'),
  replayed: z
    .boolean()
    .describe('True when the job was there before: its idempotency key had made it, or it held the unique key.'),
});

export type JobReceipt = z.infer<typeof jobReceiptSchema>;

/** One chunk of an upload on its way to the store; it counts only once the upload is committed. */
export const stageTasksSchema = z.strictObject({
  job_id: jobIdSchema,
  sequence: z.int().min(0).describe('The place of the chunk in the job.'),
  tasks: z.string().min(2).max(limits.chunkBytes).describe('Task lines joined by newlines, each already checked.'),
  count: z.int().min(1).max(limits.tasksPerChunk).describe('How many lines.'),
  fence: z
    .int()
    .min(0)
    .optional()
    .describe("The fence of the planning task's lease, when a planner and not an upload sends the chunk."),
});

export type StageTasks = z.output<typeof stageTasksSchema>;

/** Makes a job of the chunks that were staged under its id. */
export const commitUploadSchema = z.strictObject({
  job_id: jobIdSchema,
  job: jobHeadSchema.describe('The job without its tasks.'),
  chunks: z.int().min(1).describe('How many chunks were staged.'),
  total_tasks: z.int().min(1).max(limits.tasksPerJob).describe('How many tasks they hold.'),
  fingerprint: z.string().max(128).describe('Hash of the tasks, so that a reused idempotency key with other tasks is noticed.'),
});

export type CommitUpload = z.output<typeof commitUploadSchema>;

export const abandonUploadSchema = z.strictObject({ job_id: jobIdSchema });

export const jobIdRequestSchema = z.strictObject({ job_id: jobIdSchema });

export const pauseJobSchema = z.strictObject({
  job_id: jobIdSchema,
  stop: z
    .boolean()
    .default(false)
    .describe('Also stop what runs: it is handed back, and the run does not count as an attempt. Unsafe tasks that run go on.'),
});

export const setJobPrioritySchema = z.strictObject({
  job_id: jobIdSchema,
  priority: z.int().min(0).max(9).describe('0 to 9; 9 goes first.'),
});

export const getJobInfoSchema = z
  .strictObject({
    job_id: jobIdSchema,
    include_metrics: z.boolean().default(false).describe('Also its times, retries and rates.'),
    include_task_details: z.boolean().default(false).describe('Also a page of its tasks, which the history does not have.'),
    task_details: z
      .strictObject({
        state: z
          .enum(taskStates as [string, ...string[]])
          .optional()
          .describe('Only the tasks in this state.'),
        ...pageShape,
      })
      .optional()
      .describe('With include_task_details: which page of them; the first fifty when absent.'),
    include_logs: z.boolean().default(false).describe('Also the log lines of its tasks, which the history does not have.'),
    real_time: z.boolean().default(false).describe('Also where to follow it.'),
  })
  .refine(({ include_task_details, task_details }) => include_task_details || task_details === undefined, {
    message: 'include_task_details: true, as task_details belongs to it',
    path: ['include_task_details'],
  });

export const checkQueuesSchema = z.strictObject({
  queues: z.array(queueSchema).min(1).max(limits.pageSize).describe('Job types, and `plan:` and a type for its planning.'),
});

export const unservedQueuesSchema = z.object({
  unserved: z.array(queueSchema).describe('Those of them that no worker offers to run.'),
});

/** What getJobInfo adds to the job: how old the answer is, and each other part only when asked for. */
export const jobInfoSchema = batchJobSchema.omit({ run_stats: true }).extend({
  source: z
    .enum(['live', 'history'])
    .describe(
      'live: as job-service has it now. history: job-service did not answer or no longer has it; this is what was last heard.',
    ),
  as_of: z
    .string()
    .describe('When it was so: now for a live answer, the time of the newest fact known for one from the history.'),
  metrics: z
    .object({
      duration_ms: z.number().nullable().describe('From the first run to the end, or to now.'),
      throughput_per_s: z.number().nullable().describe('Tasks that ended in a second, on average.'),
      task_ms_p50: z.number().nullable().describe('Half of the successful runs took at most this.'),
      task_ms_p99: z.number().nullable().describe('99 of 100 successful runs took at most this.'),
      submit_to_done_ms_p50: z.number().nullable().describe('Half of the tasks were done this long after acceptance.'),
      submit_to_done_ms_p99: z.number().nullable().describe('99 of 100 tasks were done this long after acceptance.'),
      cpu_cores: z
        .number()
        .nullable()
        .describe(
          'CPU that its tasks used while they ran, in cores, on average; null where nothing was sampled. See getJobMetrics.',
        ),
      memory_mib: z
        .number()
        .nullable()
        .describe('Memory that its tasks used at most, in MiB; null where nothing was sampled. See getJobMetrics.'),
      retries: z.int().nullable().describe('Runs beyond the first of each task; null where it is not known.'),
      recovered: z.int().nullable().describe('Tasks that succeeded after a failure; null where it is not known.'),
      first_try_share: z
        .number()
        .nullable()
        .describe('Share of the tasks that have ended which succeeded at their first run; null where it is not known.'),
    })
    .optional()
    .describe(
      'When include_metrics was asked for. What the runs add up to is not known while job-service does not answer and the job has not ended.',
    ),
  task_details: taskPageSchema.optional().describe('When include_task_details was asked for and job-service answered.'),
  logs: z
    .array(
      z.object({
        task_id: z.string().describe('The task.'),
        attempt: z.int().describe('The run, counted from 1.'),
        lines: z.array(z.string()).describe('What it logged.'),
      }),
    )
    .optional()
    .describe('When include_logs was asked for and job-service answered.'),
  events_url: z.string().optional().describe('Where each event of the job is told, when real_time was asked for.'),
  live_url: z
    .string()
    .optional()
    .describe(
      'Where its phase, progress, active tasks, errors, rates and the time that is left are told again and again, when real_time was asked for: server-sent events.',
    ),
});

export type JobInfo = z.infer<typeof jobInfoSchema>;

export const labelFilterSchema = z
  .string()
  .max(limits.labelKeyLength + limits.labelValueLength + 1)
  .regex(/^[^=]+=.*$/, 'key=value');

export const listJobsSchema = z.strictObject({
  status: statusFilterSchema.optional(),
  type: jobTypeSchema.optional().describe('Only jobs of this type.'),
  product_id: nameSchema(limits.idLength).optional().describe('Only jobs of this product.'),
  sending_group_id: nameSchema(limits.idLength).optional().describe('Only jobs of this group.'),
  user_id: nameSchema(limits.idLength).optional().describe('Only jobs that this user asked for.'),
  label: labelFilterSchema.optional().describe('Only jobs with this label, as `key=value`.'),
  created_after: timeSchema.optional().describe('Only jobs accepted after this time.'),
  created_before: timeSchema.optional().describe('Only jobs accepted before this time.'),
  ...pageShape,
});

export const jobPageSchema = pageOf(batchJobSchema);

export type JobPage = z.infer<typeof jobPageSchema>;
